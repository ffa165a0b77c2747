/** Hands a picture to the engine, to search with it. */

/** The term of a query that stands for the picture. @throws if it cannot be read */
export async function pictureTerm(file: Blob): Promise<string> {
  const response = await fetch('/pictures', { method: 'POST', body: file })
  if (!response.ok) throw new Error(`the picture was refused (${response.status})`)
  const { picture } = (await response.json()) as { picture: string }
  return `picture:${picture}`
}

/** The first picture among what was dropped or pasted. */
export function pictureOf(data: DataTransfer | null): File | null {
  return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/')) ?? null
}
