// Why a value cannot pass through a lens or expression. Returned, not thrown: one bad field must stay cheap.

export class Failure {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}
export type Attempt<T> = T | Failure
