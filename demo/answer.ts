import { ANSWER_LISTENING } from './behaviour/listening.ts';
import { reactThroughOutbox } from './bus/react.ts';
import { runProcess } from './bus/run-process.ts';

// archon-bridge and archon-intelligence: stamp, assess and answer.

await runProcess({ name: 'answer', listening: ANSWER_LISTENING.map(reactThroughOutbox) });
