/** Every item once an epoch, in random order. */
import { createRandom, shuffledIndices } from '../../random.js'
import { type EpochOrder, orderStream } from './order.js'

export function shuffledOrder(itemCount: number, seed: number): EpochOrder {
  return (epoch) => shuffledIndices(itemCount, createRandom(seed, orderStream, epoch))
}
