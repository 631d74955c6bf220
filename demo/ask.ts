import { askForCode, askForValidationWrongly, untilNextAskMs } from './behaviour/ask.ts';
import { REPLIES } from './behaviour/listening.ts';
import { poison } from './behaviour/poison.ts';
import { WaitingReplies } from './behaviour/waiting-replies.ts';
import { runProcess, type Stage } from './bus/run-process.ts';

// omniclaude: asks for code and waits for replies.

/** Requests whose reply is waited for, at most. */
const MOST_WAITING = 256;

/** With `--wrong-producer`, the share of requests that are built wrongly. */
const SHARE_WRONG = 1 / 3;

/** With `--poison`, a poisoned record goes out this often. */
const POISON_EVERY_MS = 4_000;

const waiting = new WaitingReplies(MOST_WAITING);

await runProcess({
  name: 'ask',
  listening: [{ ...REPLIES, hear: () => (heard) => waiting.replied(heard.correlationId) }],
  begin(stage) {
    const { options } = stage;
    stage.repeat(
      () => untilNextAskMs(options.perMinute, stage.around().chance),
      () => ask(stage),
    );
    if (options.poison) keepPoisoning(stage);
  },
  lastWords() {
    const { asked, answered } = waiting.counts();
    return `asked ${asked} times, ${answered} answered.`;
  },
});

function ask(stage: Stage): void {
  const around = stage.around();
  const wrongly = stage.options.wrongProducer && around.chance.unit() < SHARE_WRONG;
  const request = wrongly ? askForValidationWrongly(around) : askForCode(around);
  waiting.asked(request.correlationId);
  stage.outbox.post(request, null);
}

function keepPoisoning(stage: Stage): void {
  let n = 0;
  stage.repeat(
    () => POISON_EVERY_MS,
    () => stage.outbox.postPoison(poison(n++, stage.around())),
  );
}
