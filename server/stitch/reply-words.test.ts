import { describe, expect, it } from 'vitest';
import { readReplyRole } from './reply-words.ts';

const pairs = (request: string, reply: string) => {
  const [asks, answers] = [readReplyRole(request), readReplyRole(reply)];
  return asks?.role === 'request' && answers?.role === 'reply' && asks.stem === answers.stem;
};

describe('the words of a type', () => {
  it.each([
    ['codegen.validate.request', 'codegen.validate.response'],
    ['omninode.codegen.request.validate.v1', 'omninode.codegen.response.validate.v1'],
    ['CODE_ASSESSMENT_REQUESTED', 'CODE_ASSESSMENT_COMPLETED'],
    ['CODE_ASSESSMENT_REQUESTED', 'CODE_ASSESSMENT_FAILED'],
    ['CodegenValidateRequest', 'CodegenValidateResponse'],
    ['codegen.validate.request', 'CodegenValidateResponse'],
    ['workflow-started', 'workflow-completed'],
    ['workflow-started', 'workflow-failed'],
    ['omninode.agent.routing.requested.v1', 'omninode.agent.routing.replied.v1'],
    ['price.ask', 'price.answer'],
    ['HTTPRequest', 'httpResponse'],
  ])('pair %s with %s', (request, reply) => {
    expect(pairs(request, reply)).toBe(true);
  });

  it.each([
    ['codegen.validate.request', 'codegen.analyze.response'],
    ['omninode.request.codegen', 'omninode.codegen.response'],
    ['codegen.request', 'codegen.requested'],
    ['requester.added', 'responder.added'],
    ['', ''],
  ])('do not pair %s with %s', (request, reply) => {
    expect(pairs(request, reply)).toBe(false);
  });

  it('are read by the last that says so: a completed request is a reply', () => {
    expect(readReplyRole('request.completed')).toEqual({ role: 'reply', stem: 'request *' });
  });
});
