/** Decides which symbolic links to folders are followed, so that no folder is walked twice. */
import { isInside } from '../../platform/paths.js'

/**
 * A function that takes the real path of a linked folder and says whether to walk it. A folder
 * inside the root is found without the link, and one that holds the root, or anything followed
 * already, would lead round in a loop.
 */
export function createLinkFollower(rootPath: string): (realPath: string) => boolean {
  const walked = [rootPath]
  return (realPath) => {
    if (walked.some((path) => isInside(path, realPath) || isInside(realPath, path))) return false
    walked.push(realPath)
    return true
  }
}
