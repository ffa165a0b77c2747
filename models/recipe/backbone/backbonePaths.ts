/** Where the backbone's model and the TensorFlow.js of its one-off check lie. */
import { join } from 'node:path'
import { dataFolder, sourceFolder } from '../folders.js'

export const backbonePath = join(sourceFolder('@vladmandic/human'), 'models', 'centernet.json')
/** Holds @tensorflow/tfjs-core, -converter and -backend-cpu where the check is to run. */
export const tensorflowFolder = join(dataFolder, 'tfjs')
