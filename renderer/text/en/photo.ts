export const photo = {}
