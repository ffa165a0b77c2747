/** What a model is chosen by, in few words. */
import type { ModelLanguages, ModelLicence } from '../../../shared/domain/catalogue.js'
import type { ListedModel, ModelMeasure } from '../../../shared/domain/library.js'
import { formatBytes, formatNumber, formatShare } from '../../text/format.js'
import { text } from '../../text/text.js'

const words = text.models

/** One line of all that is known without asking for more. */
export function describeFacts({ sizeBytes, languages, licence, measure }: ListedModel): string {
  const parts = [
    formatBytes(sizeBytes),
    languages && words.languages(describeLanguages(languages)),
    licence && describeLicence(licence),
    ...(measure === null ? [] : describeFigures(measure)),
  ]
  return parts.filter((part) => part !== null).join(' · ')
}

export function describeLanguages(languages: ModelLanguages): string {
  return typeof languages === 'string' ? words.catalogue.languages[languages] : languages.join(', ')
}

/** What a person may not do stands beside the name, which tells few of it. */
function describeLicence({ name, use }: ModelLicence): string {
  return use === 'research' ? words.licenceForResearch(name) : words.licence(name)
}

function describeFigures({ report, picturesPerSecond }: ModelMeasure): (string | null)[] {
  return [
    report && words.found(formatShare(report.textToImage.recallAt10)),
    words.speed(formatNumber(picturesPerSecond)),
  ]
}
