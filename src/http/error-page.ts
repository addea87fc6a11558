// What people are shown in place of a page that could not be answered.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { createElement } from 'react'
import { sendPage, Words } from '../pages/page.tsx'

const told: Readonly<Record<number, readonly [title: string, words: string]>> = {
  400: ['This was not understood', 'Your browser sent what is no form of ours. Go back, load the page again, and send it once more.'],
  413: ['This is too much', 'More was typed in than the form takes. Go back and make it shorter.'],
  415: ['This was not understood', 'Your browser sent what is no form of ours. Go back, load the page again, and send it once more.'],
  429: ['Too many requests', 'Your address has asked too often. Wait a minute, and load this page again.'],
}

export function sendErrorPage(request: FastifyRequest, reply: FastifyReply, status: number): FastifyReply {
  const [title, words] = told[status] ?? ['Something went wrong', `Nothing more is known here. Tell whoever sent you here the number of this request: ${request.id}`]
  return sendPage(reply, status, { title, mood: 'unavailable', body: createElement(Words, { words: [words] }) })
}

/** Whether a browser wants to show what it is answered, and not a program to read it. */
export const wantsPage = ({ headers: { accept } }: FastifyRequest): boolean => accept !== undefined && /^[^,;]*\btext\/html\b/.test(accept)
