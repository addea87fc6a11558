// How large a document may be. Tokens bound what is parsed; depth and fields bound what it asks for once its fragments are spread.
import {
  type ASTVisitor, type FragmentDefinitionNode, GraphQLError, Kind, NoSchemaIntrospectionCustomRule, type ParseOptions,
  type SelectionSetNode, specifiedRules, type ValidationContext, type ValidationRule,
} from 'graphql'

export const parseOptions: ParseOptions = { maxTokens: 5_000 }

const DEEPEST = 15
/** Of a whole operation, aliases and spread fragments counted as often as they stand. */
const MOST_FIELDS = 1_000

interface Size {
  depth: number
  fields: number
}

const nothing: Size = { depth: 0, fields: 0 }

export function documentSize(context: ValidationContext): ASTVisitor {
  const fragments = new Map<string, Size>()
  const sizeOf = (selections: SelectionSetNode): Size => {
    const size = { ...nothing }
    for (const selection of selections.selections) {
      const isField = selection.kind === Kind.FIELD
      // Introspection has a depth of its own (its types wrap each other) and reads nothing of anyone's.
      if (isField && selection.name.value.startsWith('__')) continue
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? sizeOfFragment(context.getFragment(selection.name.value))
          : selection.selectionSet === undefined
            ? nothing
            : sizeOf(selection.selectionSet)
      size.depth = Math.max(size.depth, inner.depth + (isField ? 1 : 0))
      size.fields += inner.fields + (isField ? 1 : 0)
    }
    return size
  }
  // Each fragment is measured once, however often it is spread; one that spreads itself is another rule's finding.
  const sizeOfFragment = (fragment: FragmentDefinitionNode | null | undefined): Size => {
    if (!fragment) return nothing
    const known = fragments.get(fragment.name.value)
    if (known !== undefined) return known
    fragments.set(fragment.name.value, nothing)
    const size = sizeOf(fragment.selectionSet)
    fragments.set(fragment.name.value, size)
    return size
  }
  return {
    OperationDefinition(operation) {
      const { depth, fields } = sizeOf(operation.selectionSet)
      if (depth > DEEPEST) context.reportError(new GraphQLError(`The operation is ${depth} fields deep; at most ${DEEPEST} are allowed`, { nodes: operation }))
      if (fields > MOST_FIELDS) {
        context.reportError(new GraphQLError(`The operation selects ${fields} fields; at most ${MOST_FIELDS} are allowed`, { nodes: operation }))
      }
      return false
    },
  }
}

/** What a document over WebSocket is validated by: the same as over HTTP. */
export function validationRules(introspection: boolean): ValidationRule[] {
  return [...specifiedRules, documentSize, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])]
}
