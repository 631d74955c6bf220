import { processEnvironment } from '../config/process-config.ts';
import { projectRoot } from '../config/project-root.ts';
import { CHECK_HELP, readCheckOptions } from '../runtime/check/check-options.ts';
import { inColour, plain, printReport } from '../runtime/check/print-report.ts';
import { runCheck } from '../runtime/check/run-check.ts';
import { safeJson, terminalText } from '../runtime/check/terminal-text.ts';

/** The subcommands of `throughline`. Each takes what stands after it and answers its exit code. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = { check };

const UNUSABLE = 2;

async function check(args: readonly string[]): Promise<number> {
  const read = readCheckOptions(args);
  if (read.kind === 'help') return say(CHECK_HELP, 0);
  if (read.kind === 'problems') return refuse(read.problems, 'throughline check --help says more.');
  const report = await runCheck(read.options, {
    workingDir: process.cwd(),
    projectRoot: projectRoot(),
    stdin: process.stdin,
    fetch,
  });
  const paint = process.stdout.isTTY === true && !processEnvironment().NO_COLOR ? inColour : plain;
  return say(read.options.json ? safeJson(report) : printReport(report, paint).join('\n'), report.exit_code);
}

function say(text: string, exitCode: number): number {
  process.stdout.write(`${text}\n`);
  return exitCode;
}

function refuse(problems: readonly string[], remedy: string): number {
  for (const problem of problems) process.stderr.write(`throughline: ${terminalText(problem)}\n`);
  process.stderr.write(`${remedy}\n`);
  return UNUSABLE;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  const names = Object.keys(COMMANDS);
  if (name === '--help' || name === '-h')
    return say(`Usage: throughline <command>\n\nCommands: ${names.join(', ')}`, 0);
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command(args);
  return refuse(
    [name === undefined ? 'name a command.' : `${name} is no command.`],
    `The commands are: ${names.join(', ')}.`,
  );
}

// A reader that has seen enough (`| head`) is no failure of ours; what the check found stays its exit code.
process.stdout.on('error', () => undefined);
process.exitCode = await main(process.argv.slice(2));
