import { type ApolloServerPlugin, HeaderMap } from '@apollo/server'
import type { FormattedExecutionResult } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import type { CompiledExecution } from '../execution/compiled.ts'

/** `data` that is text already. */
class Written {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Queries are answered by compiled execution where it can, else as Apollo would. Goes with `stringify`. */
export function compiledAnswers(execution: CompiledExecution): ApolloServerPlugin<Scope> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operation, operationName, request: { variables }, contextValue: scope }) {
          if (operation?.operation !== 'query') return null
          const text = await execution.read({ document, operationName, variables, scope })
          if (text === null) return null
          return { http: { status: undefined, headers: new HeaderMap() }, body: { kind: 'single', singleResult: { data: new Written(text) as never } } }
        },
      }
    },
  }
}

/** The answer's JSON. */
export function stringify(result: FormattedExecutionResult): string {
  const { data, ...rest } = result
  if (!(data instanceof Written)) return JSON.stringify(result)
  const others = JSON.stringify(rest)
  return others === '{}' ? `{"data":${data.text}}` : `{"data":${data.text},${others.slice(1)}`
}
