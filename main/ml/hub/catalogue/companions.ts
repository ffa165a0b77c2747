/** Files that every export in the Hugging Face layout has, for entries of the catalogue. */
import type { CatalogueFile } from '../../../../shared/domain/catalogue.js'

/** Size and sha256, where they are known. */
type Known = readonly [sizeBytes: number | null, sha256: string | null]

/** The files of an export, those of `known` with what is known of them. */
export function exportFiles(known: Readonly<Record<string, Known>> = {}): CatalogueFile[] {
  const paths = [
    'config.json',
    'preprocessor_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'special_tokens_map.json',
    'onnx/text_model.onnx',
    'onnx/vision_model.onnx',
  ]
  return paths.map((path) => {
    const [sizeBytes, sha256] = known[path] ?? [null, null]
    return { path, sizeBytes, sha256, optional: path === 'special_tokens_map.json' }
  })
}
