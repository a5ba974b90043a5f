// What was kept of one person when they were forgotten goes together: it is lifted together as well.
export const person = `
ALTER TABLE forgotten ADD COLUMN person TEXT;
`
