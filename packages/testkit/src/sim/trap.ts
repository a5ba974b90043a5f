// I19: the engine has no clock, no chance and no ids but those that it is handed. While a story is played, whoever else asks
// for them is looked at, and told on where he belongs to the engine.

const ENGINE = "/packages/core/src/"

/** Sets the trap; what it returns takes it away again. */
export function setTrap(caught: (what: string) => void): () => void {
  const isEngine = (): boolean => {
    const [, , , caller = ""] = (new Error("who asks").stack ?? "").split("\n")
    return caller.includes(ENGINE)
  }
  const { random } = Math
  const { now } = Date
  const { randomUUID } = crypto
  Math.random = () => {
    if (isEngine()) caught("the engine asks chance itself")
    return random.call(Math)
  }
  Date.now = () => {
    if (isEngine()) caught("the engine asks the real clock")
    return now.call(Date)
  }
  crypto.randomUUID = () => {
    if (isEngine()) caught("the engine makes an id of its own")
    return randomUUID.call(crypto)
  }
  return () => {
    Math.random = random
    Date.now = now
    crypto.randomUUID = randomUUID
  }
}
