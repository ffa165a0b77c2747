export const selection = {}
