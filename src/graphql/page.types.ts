import type { GraphQLObjectType } from 'graphql'
import { ArgsType, type ClassType, Extensions, Field, Int, ObjectType } from 'type-graphql'
import type { Edge, Page, PageArgs } from '../kit/page.ts'
import { PageInfo } from './shared.types.ts'

/** first/after forwards, or last/before backwards; 1 to 100 a page, 25 where neither is given. */
@ArgsType()
export class PageArguments implements PageArgs {
  @Field(() => Int, { nullable: true, description: '1 to 100; 25 if left out.' })
  first?: number | null

  @Field(() => String, { nullable: true })
  after?: string | null

  @Field(() => Int, { nullable: true, description: '1 to 100; pages backwards.' })
  last?: number | null

  @Field(() => String, { nullable: true })
  before?: string | null
}

/** For lists that page forwards only. */
@ArgsType()
export class ForwardPageArguments implements PageArgs {
  @Field(() => Int, { nullable: true, description: '1 to 100; 25 if left out.' })
  first?: number | null

  @Field(() => String, { nullable: true })
  after?: string | null
}

const PAGE = 'page'

/** Whether a type is a page of rows or an edge of one, made by `pageTypeOf`. */
export const isPartOfPage = ({ extensions }: GraphQLObjectType): boolean => extensions[PAGE] === true

/** `OrderPage` and `OrderEdge` for `Order`: every page has the same form. */
export function pageTypeOf<T extends object>(item: ClassType<T> | (abstract new () => T), name: string): ClassType<Page<T>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  @Extensions({ [PAGE]: true })
  class ItemEdge implements Edge<T> {
    @Field(() => String)
    cursor!: string

    @Field(() => item as ClassType<T>)
    node!: T
  }

  @ObjectType(`${name}Page`, { simpleResolvers: true })
  @Extensions({ [PAGE]: true })
  class ItemPage implements Page<T> {
    @Field(() => [ItemEdge])
    edges!: Edge<T>[]

    @Field(() => [item as ClassType<T>])
    nodes!: T[]

    @Field(() => PageInfo)
    pageInfo!: PageInfo

    // A function, which graphql-js calls when the field is selected and not otherwise.
    @Field(() => Int, { description: 'Counted only when asked for. Exact up to 10000; 10000 means 10000 or more.' })
    totalCount!: () => Promise<number>
  }
  return ItemPage as unknown as ClassType<Page<T>>
}
