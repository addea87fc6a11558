// Whether a role may run an operation is told from its document alone, once: no field is asked while it is answered.
import { type DocumentNode, type FieldNode, GraphQLError, type GraphQLSchema, isIntrospectionType, Kind, type OperationDefinitionNode, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import type { RoleName } from '../auth/scope.ts'

/** Whether a role may use a field of the contract. */
export type MayUse = (role: RoleName, type: string, field: string) => boolean

interface Used {
  type: string
  field: string
  /** Where it first stands. */
  node: FieldNode
}

/** What of a valid document's operations a role may not use; an empty list where it may run it. */
export type Permitted = (operation: OperationDefinitionNode, role: RoleName) => readonly GraphQLError[]

export function permittedIn(schema: GraphQLSchema, document: DocumentNode, mayUse: MayUse): Permitted {
  const used = new Map<OperationDefinitionNode, readonly Used[]>()
  const answers = new Map<OperationDefinitionNode, Map<RoleName, readonly GraphQLError[]>>()
  return (operation, role) => {
    let ofRoles = answers.get(operation)
    if (ofRoles === undefined) answers.set(operation, (ofRoles = new Map()))
    let errors = ofRoles.get(role)
    if (errors === undefined) {
      let fields = used.get(operation)
      if (fields === undefined) used.set(operation, (fields = usedBy(schema, document, operation)))
      errors = fields.filter(({ type, field }) => !mayUse(role, type, field)).map((one) => forbidden(one, role))
      ofRoles.set(role, errors)
    }
    return errors
  }
}

const forbidden = ({ type, field, node }: Used, role: RoleName): GraphQLError => new GraphQLError(`${type}.${field} is not for the role ${role}`, { nodes: [node], extensions: { code: 'FORBIDDEN' } })

/** Every field that an operation may come upon, by its own selections and by the fragments that it spreads, however deep. */
function usedBy(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Used[] {
  const found = new Map<string, Used>()
  const fragments = new Map(document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])))
  const seen = new Set<string>()
  const waiting: DocumentNode['definitions'][number][] = [operation]
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const types = new TypeInfo(schema)
    visit(one, visitWithTypeInfo(types, {
      Field(node) {
        const type = types.getParentType()
        const field = node.name.value
        if (type == null || isIntrospectionType(type) || field.startsWith('__')) return
        const coordinate = `${type.name}.${field}`
        if (!found.has(coordinate)) found.set(coordinate, { type: type.name, field, node })
      },
      FragmentSpread(node) {
        const fragment = fragments.get(node.name.value)
        if (fragment === undefined || seen.has(node.name.value)) return
        seen.add(node.name.value)
        waiting.push(fragment)
      },
    }))
  }
  return [...found.values()]
}
