/** Work in the background. */
import { z } from 'zod'
import { jobSchema } from '../domain/jobs.js'
import { call } from './base.js'

const one = z.object({ id: z.number().int() })

export const jobs = {
  /** The latest, newest first. */
  list: call.output(z.array(jobSchema)),
  pause: call.input(one).output(z.void()),
  /** Goes on with a paused, failed or cancelled job from where it was. */
  resume: call.input(one).output(z.void()),
  cancel: call.input(one).output(z.void()),
  /** Forgets jobs that are over. */
  clear: call.output(z.void()),
}
