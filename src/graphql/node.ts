import type { Scope } from '../auth/scope.ts'
import type { IdType } from '../kit/ids.ts'

/** Reads the rows of one type by UUID, those that the viewer may see. */
export type NodeReader = (scope: Scope, uuid: string) => Promise<object | null>

/** What a feature contributes to `node(id:)`: the type's name in the contract and its reader. */
export interface NodeSource {
  type: IdType
  read: NodeReader
}

const typeNames = new WeakMap<object, string>()

/** Remembers which type of the contract a row is: `Node` is an interface, and a row is a plain object. */
export function asNode<T extends object>(type: IdType, row: T): T {
  typeNames.set(row, type)
  return row
}

export const typeNameOf = (row: object): string | undefined => typeNames.get(row)
