import { Args, Ctx, ID, Query, Resolver } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { Customer } from '../customers/customer.types.ts'
import { customerById, type CustomerRow } from '../customers/customers.store.ts'
import { orderingOf } from '../db/list.ts'
import type { NodeSource } from '../graphql/node.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import { BadRequest } from '../kit/errors.ts'
import { type IdType, idPrefixes, parseId, requireUuids, toId, uuidOf } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { auditCount, auditEntryById, auditList, auditPage, type AuditRow } from './audit.store.ts'
import { AuditedProperty, AuditEntry, AuditEntryPage, AuditLogArguments } from './audit.types.ts'

@Resolver(() => AuditEntry)
export class AuditResolver {
  @Query(() => AuditEntryPage, { description: 'Who changed what, when, and from where, the newest first. What jobs do by themselves is in `events` and in the receipts of `jobRuns`.' })
  async auditLog(@Args(() => AuditLogArguments) args: AuditLogArguments, @Ctx() scope: Scope): Promise<Page<AuditRow>> {
    const ordering = orderingOf(auditList, 'AT_DESC')
    const request = parsePage(args, ordering)
    const { actorIds, subjectId, customerIds, actions, from, before } = args.filter ?? {}
    const subject = subjectId == null ? null : parseId(subjectId)
    if (subjectId != null && subject === null) throw new BadRequest('not an id', 'filter', 'subjectId')
    const wanted = {
      actorIds: actorIds?.map((id) => uuidOf('ApiToken', id) ?? id) ?? null, subjectId: subject?.uuid ?? null, customerIds: requireUuids('Customer', customerIds, 'filter', 'customerIds'),
      actions: actions ?? null, from: from ?? null, before: before ?? null,
    }
    return toPage(request, ordering, await auditPage(scope, request, wanted), (row) => row, () => auditCount(scope, wanted))
  }

  @Derived<AuditRow, 'id'>(() => ID, ['id'], ({ id }) => toId('AuditEntry', id))
  declare id: string

  @Derived<AuditRow, 'subjectType' | 'subjectId'>(() => ID, ['subjectType', 'subjectId'], ({ subjectType, subjectId }) => (subjectType === null || subjectId === null || !(subjectType in idPrefixes) ? null : toId(subjectType as IdType, subjectId)), {
    nullable: true, description: 'The object that it is about or belongs to; `node` finds it.',
  })
  declare subjectId: string | null

  @Joined<AuditRow, CustomerRow>(() => Customer, customerById, 'customerId', { nullable: true, description: "Whose record it is; null for what is no merchant's." })
  declare customer: CustomerRow | null

  @Derived<AuditRow, 'before' | 'after'>(() => [AuditedProperty], ['before', 'after'], propertiesOf, { description: 'Of a record that was made or removed all that is not null, else what changed.' })
  declare properties: AuditedProperty[]
}

function propertiesOf({ before, after }: Pick<AuditRow, 'before' | 'after'>): AuditedProperty[] {
  const text = (of: Record<string, unknown> | null, name: string): string | null => (of === null || of[name] == null ? null : JSON.stringify(of[name]))
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort().map((name) => ({ name, before: text(before, name), after: text(after, name) }))
}

export const auditNodes: NodeSource[] = [{ type: 'AuditEntry', read: (scope, id) => load(scope, auditEntryById, id) }]
