/** The probe photographs as pictures of the corpus, under their captions. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Picture } from '../corpus/picture.js'
import { sourceFolder, workFolder } from '../folders.js'
import { type ProbePhotograph, probePhotographs } from './photographs.js'
import { readQtResources } from './qtResources.js'

const resourceFolder = 'usr/share/gcompris-qt/rcc'

/** In the list's order; what lies in resource files is laid out in the work folder. */
export async function readProbe(): Promise<Picture[]> {
  const resources = new Map<string, ReadonlyMap<string, Buffer>>()
  const pictures: Picture[] = []
  for (const photograph of probePhotographs) {
    const path = await layOut(photograph, resources)
    pictures.push({
      id: `photographs/${photograph.package}/${photograph.file}`,
      collection: 'photographs',
      image: { path },
      concept: photograph.caption,
      name: photograph.caption,
      aliases: [],
      keywords: [],
      kinds: [],
    })
  }
  return pictures
}

async function layOut(
  { package: source, resource, file }: ProbePhotograph,
  resources: Map<string, ReadonlyMap<string, Buffer>>,
): Promise<string> {
  if (resource === null) return join(sourceFolder(source), file)
  const path = join(sourceFolder(source), resourceFolder, resource)
  const files = resources.get(resource) ?? readQtResources(await readFile(path), path)
  resources.set(resource, files)
  const folder = join(workFolder, 'probe', resource)
  await mkdir(folder, { recursive: true })
  const target = join(folder, basename(file))
  await writeFile(target, files.get(file) ?? Buffer.alloc(0))
  return target
}
