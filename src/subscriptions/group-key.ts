import { type ArgumentNode, type DocumentNode, getOperationAST, Kind, print, visit } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import type { Operation } from './operation.ts'

/** What an operation's key is made of, the same for everyone who sends its document. */
interface Shape {
  text: string
  /** Variables that decide what is answered: all but the one that says where to begin. */
  variables: readonly string[]
}

const shapes = new WeakMap<DocumentNode, Map<string, Shape>>()

/**
 * Equal for those who are answered alike: by document, operation, variables and rights. Where one begins makes no difference, so the variable
 * of the root field's `after` is left out, unless the document uses it elsewhere too.
 */
export function groupKey({ document, operationName, variableValues }: Operation, { tenant, actor }: Pick<Scope, 'tenant' | 'actor'>): string {
  const { text, variables } = shapeOf(document, operationName ?? '')
  const rights = [tenant === null ? null : [...tenant].sort(), actor.role]
  // One that is left out has its default, one that is null has not.
  const values = variables.map((name) => (variableValues != null && Object.hasOwn(variableValues, name) ? [variableValues[name]] : []))
  return JSON.stringify([text, operationName ?? null, values, rights])
}

function shapeOf(document: DocumentNode, operationName: string): Shape {
  let ofDocument = shapes.get(document)
  if (ofDocument === undefined) shapes.set(document, (ofDocument = new Map()))
  let shape = ofDocument.get(operationName)
  if (shape === undefined) ofDocument.set(operationName, (shape = readShape(document, operationName)))
  return shape
}

function readShape(document: DocumentNode, operationName: string): Shape {
  const operation = getOperationAST(document, operationName === '' ? null : operationName)
  const names = (operation?.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
  const root = operation?.selectionSet.selections[0]
  const after = root?.kind === Kind.FIELD ? root.arguments?.find(({ name }) => name.value === 'after') : undefined
  const begins = after?.value.kind === Kind.VARIABLE && !isUsedBeside(document, after, after.value.name.value) ? after.value.name.value : null
  return { text: document.loc?.source.body ?? print(document), variables: names.filter((name) => name !== begins) }
}

function isUsedBeside(document: DocumentNode, argument: ArgumentNode, name: string): boolean {
  let used = false
  visit(document, {
    VariableDefinition: () => false,
    Argument: (node) => (node === argument ? false : undefined),
    Variable(node) {
      if (node.name.value === name) used = true
    },
  })
  return used
}
