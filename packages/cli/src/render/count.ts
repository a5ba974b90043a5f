// Numbers with their nouns: "1 person", "1 204 people" are easier to believe than "1 people".
export const showCount = (n: number): string => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, " ")

export const plural = (n: number, one: string, many = `${one}s`): string => `${showCount(n)} ${n === 1 ? one : many}`
