/** `semblance embed`: the embedding of a text or a picture. */
import { Command } from 'commander'
import { AppError } from '../../../../shared/errors.js'
import type { Cli } from '../cli.js'

export function embedCommand(cli: Cli): Command {
  return new Command('embed')
    .description('print the embedding of a text or a picture (L2-normalised)')
    .option('--text <words>', 'the text')
    .option('--image <file>', 'the picture')
    .option('--model <dir or id>', 'the model (default: the active one)')
    .action(async (options: { text?: string; image?: string; model?: string }) => {
      if (options.text === undefined && options.image === undefined) {
        const problem = 'name something to embed: --text or --image'
        throw new AppError('INVALID_ARGUMENT', { argument: 'embed', problem })
      }
      const { search } = await cli.engine()
      const embedding = await cli.interruptible(
        search.embed({
          words: options.text ?? null,
          imageFile: options.image ?? null,
          model: options.model ?? null,
        }),
      )
      cli.result(embedding, () => embedding.embedding.map((value) => value.toFixed(5)).join(' '))
    })
}
