/** The learning-rate schedules by the name a training spec uses. */
import type { TrainingSpec } from '../../../../shared/domain/training.js'
import { constant } from './constant.js'
import { cosine } from './cosine.js'
import { linear } from './linear.js'
import type { Schedule } from './schedule.js'

export const schedules: Readonly<Record<TrainingSpec['schedule'], Schedule>> = {
  constant,
  cosine,
  linear,
}
