import { afterEach, beforeEach, describe, jest } from '@jest/globals';
import { clientFor } from './contract/client-for.js';
import { connection } from './contract/connection.js';
import { containment } from './contract/containment.js';
import { events } from './contract/events.js';
import { foreign } from './contract/foreign.js';
import { guarded } from './contract/guarded.js';
import { guards } from './contract/guards.js';
import { handover } from './contract/handover.js';
import type { Harness } from './contract/harness.js';
import { headers } from './contract/headers.js';
import { hostile } from './contract/hostile.js';
import { idempotency } from './contract/idempotency.js';
import { joined } from './contract/joined.js';
import { merchant } from './contract/merchant.js';
import { misplaced } from './contract/misplaced.js';
import { modes } from './contract/modes.js';
import { mounting } from './contract/mounting.js';
import { options } from './contract/options.js';
import { readers } from './contract/readers.js';
import { replies } from './contract/replies.js';
import { closeServers, logged } from './contract/server.js';
import { tick } from './contract/tick.js';
import { unbearable } from './contract/unbearable.js';
import { uncalled } from './contract/uncalled.js';
import { unread } from './contract/unread.js';
import { webhook } from './contract/webhook.js';

/** What every adapter owes its users over HTTP, whatever the framework. */
export function contract(harness: Harness): void {
  describe(harness.name, () => {
    // The frameworks' own handlers log there in production; some tests read what they wrote.
    beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
    afterEach(async () => {
      await closeServers();
      await logged();
      jest.restoreAllMocks();
    });

    const themes = [
      replies,
      containment,
      foreign,
      ...(harness.framework === 'express' ? [tick] : []), // Koa has no next(error) after which a route goes on
      unbearable,
      hostile,
      connection,
      headers,
      readers,
      options,
      handover,
      events,
      modes,
      mounting,
      unread,
      guards,
      merchant,
      joined,
      webhook,
      guarded,
      idempotency,
      clientFor,
      misplaced,
      uncalled,
    ];
    for (const theme of themes) describe(theme.name, () => theme(harness));
  });
}
