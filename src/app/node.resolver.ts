import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql'
import { mayUse } from '../auth/permissions.ts'
import type { Scope } from '../auth/scope.ts'
import { asNode, type NodeSource } from '../graphql/node.ts'
import { Node } from '../graphql/shared.types.ts'
import { BadRequest } from '../kit/errors.ts'
import { type IdType, parseId } from '../kit/ids.ts'

const LARGEST = 100

@Resolver()
export class NodeResolver {
  readonly #sources: ReadonlyMap<IdType, NodeSource>

  constructor(sources: readonly NodeSource[]) {
    this.#sources = new Map(sources.map((source) => [source.type, source]))
  }

  @Query(() => Node, { nullable: true, description: 'Any object by its id; null where there is none that the viewer may see.' })
  async node(@Arg('id', () => ID) id: string, @Ctx() scope: Scope): Promise<object | null> {
    return this.#read(scope, id, 'id')
  }

  @Query(() => [Node], { nullable: 'items', description: 'As `node`, for up to 100 ids, in their order.' })
  async nodes(@Arg('ids', () => [ID], { description: '1 to 100.' }) ids: string[], @Ctx() scope: Scope): Promise<(object | null)[]> {
    if (ids.length > LARGEST) throw new BadRequest(`at most ${LARGEST} ids`, 'ids')
    return Promise.all(ids.map((id, index) => this.#read(scope, id, 'ids', String(index))))
  }

  async #read(scope: Scope, id: string, ...path: string[]): Promise<object | null> {
    const parsed = parseId(id)
    const source = parsed && this.#sources.get(parsed.type)
    if (!parsed || !source) throw new BadRequest('not an id', ...path)
    if (!mayUse(scope.actor.role, parsed.type, 'id')) return null
    const row = await source.read(scope, parsed.uuid)
    return row && asNode(parsed.type, row)
  }
}
