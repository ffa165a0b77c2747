/** What `semblance train --help` says after its options. */
import { describeLosses } from '../../output/describeLosses.js'

export const methodHelp = `
Methods:
  scratch  both encoders from nothing
  quick    an adapter on the embeddings of --from: seconds to minutes
  deep     low-rank changes to the attentions of --from (LoRA), and what quick changes: minutes to hours, from 500 pictures on
  full     every weight of --from, or of one encoder (--tower text is LiT): from 2,000 pictures on

Few pictures are learned in smaller batches and more passes than many, so that there are 300 updates or
more, in at most 60 passes (quick: 300), unless --batch, --epochs or --minutes say otherwise. quick,
deep and full save the weights that found most of the pictures kept out of training.
`

export const lossHelp = `
Losses:
${describeLosses()}
`

export const captionHelp = `
Words of a picture, the first that is there:
  <picture>.txt beside it, each line a caption
  captions.csv or captions.jsonl in the folder, with file, caption (or captions) and label;
  a label without captions serves as one
  its file name and folder names, without camera names, dates and numbers
`
