// When something last spoke against what is known of an item: null in nearly all rows, and there it takes no room.
export const doubted = `
ALTER TABLE link ADD COLUMN doubted_at INTEGER;
`
