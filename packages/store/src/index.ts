// The store on SQL databases.
export { openSqliteStore } from "./sqlite/open.ts"
export type { OpenOptions } from "./sqlite/open.ts"
export { backupSqliteStore } from "./sqlite/backup.ts"
export type { BackupOptions } from "./sqlite/backup.ts"
export { openVault } from "./sqlite/vault.ts"
export type { Vault } from "./sqlite/vault.ts"
export { stageRestore } from "./sqlite/restore.ts"
export type { RestoreOptions, Staged } from "./sqlite/restore.ts"
