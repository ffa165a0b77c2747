/** Tells that the model in use does not know a query's language, and names one that does. */
import { Alert, Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { CatalogueItem } from '../../../shared/domain/catalogue.js'
import type { ListedModel } from '../../../shared/domain/library.js'
import { understands } from '../../../shared/query/languageOf.js'
import { pathOfEntry } from '../../app/navigation.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import { switchTo } from '../models/switchTo.js'

const words = text.search

export function LanguageNotice({ language }: { readonly language: string }) {
  const models = useQuery(orpc.models.list.queryOptions()).data
  const catalogue = useQuery(orpc.models.catalogue.queryOptions()).data
  const installed = models && findInstalled(models, language)
  const offered = catalogue && findOffered(catalogue)
  return (
    <Alert variant="light" role="status" mx="md" mb="sm" p="xs">
      <Group gap="sm">
        <Text size="sm">{words.unknownLanguage(language)}</Text>
        {installed && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() =>
              switchTo(
                installed,
                models.find(({ active }) => active),
              )
            }
          >
            {text.models.putToUse(installed.name)}
          </Button>
        )}
        {models && !installed && offered && (
          <Button
            size="compact-sm"
            variant="default"
            component={Link}
            href={pathOfEntry(offered.id)}
          >
            {words.showModel(offered.title)}
          </Button>
        )}
      </Group>
    </Alert>
  )
}

/** One of many languages rather than of a few: such models are larger, and see more. */
function findInstalled(models: readonly ListedModel[], language: string): ListedModel | undefined {
  const suitable = models.filter(
    ({ active, present, languages }) =>
      !active && present && understands(languages, language) === true,
  )
  return suitable.find(({ languages }) => languages === 'many') ?? suitable[0]
}

/** The first that is offered, of those that anybody may use if there are such. */
function findOffered(items: readonly CatalogueItem[]): CatalogueItem | undefined {
  const suitable = items.filter(({ languages }) => languages === 'many')
  return suitable.find(({ licence }) => licence.use === 'any') ?? suitable[0]
}
