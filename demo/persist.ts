import { PERSIST_LISTENING } from './behaviour/listening.ts';
import { BRIDGE_NODES, beat, introduce, untilNextBeatMs } from './behaviour/nodes.ts';
import { reactThroughOutbox } from './bus/react.ts';
import { runProcess } from './bus/run-process.ts';

// omninode-bridge: runs workflows on what was applied, and its nodes say that they live.

await runProcess({
  name: 'persist',
  listening: PERSIST_LISTENING.map(reactThroughOutbox),
  begin(stage) {
    const startedMs = stage.around().nowMs;
    for (const node of BRIDGE_NODES) {
      stage.outbox.post(introduce(node, stage.around()), null);
      stage.repeat(
        () => untilNextBeatMs(stage.around().chance),
        () => stage.outbox.post(beat(node, stage.around().nowMs - startedMs, stage.around()), null),
      );
    }
  },
});
