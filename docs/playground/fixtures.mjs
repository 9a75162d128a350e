import { ERROR_FIXTURES } from 'lakiconnect-middleware/testing';

/** What LakiConnect answers with a code, or in another form than its documented one. */
export function answerOf(code, envelope = 'documented') {
  return ERROR_FIXTURES.find((fixture) => fixture.code === code && fixture.envelope === envelope);
}
