/** Why a part of a model cannot be read; the reader adds the path and makes it an AppError. */
export class InvalidProto extends Error {}
