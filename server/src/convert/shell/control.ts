import type {
  ArithmeticFor,
  Case,
  CompoundList,
  For,
  If,
  PipelineNode,
  ShellWord,
  While,
} from "../../syntax/shell/shell-file.ts";
import { statusOfArithmetic } from "./builtins.ts";
import type { Interpreter } from "./interpreter.ts";
import { ALL_ARGUMENTS } from "./parameters.ts";
import { matchesPattern } from "./pattern.ts";
import { redirected } from "./redirection.ts";
import { evaluateExpression, negate } from "./tests.ts";
import { runBranches, runRepeatedly } from "./uncertain.ts";
import { excerpt, type Field, known, type Status, unknown } from "./value.ts";

type Compound = Exclude<PipelineNode, { readonly type: "Command" | "Pipeline" }>;

/** Loops, branches, groups and function definitions. */
export function runCompound(interpreter: Interpreter, node: Compound): Status {
  switch (node.type) {
    case "If":
      return runIf(interpreter, node);
    case "Case":
      return runCase(interpreter, node);
    case "For":
      return runFor(interpreter, node.name.value, itemsOf(interpreter, node), node);
    case "While":
      return runWhile(interpreter, node);
    case "BraceGroup":
      return interpreter.runStatements(node.body.commands);
    case "Subshell":
      return interpreter.subshell(() =>
        interpreter.withOwnTrap(node, () => interpreter.runStatements(node.body.commands)),
      );
    case "Redirected":
      return redirected(interpreter, node.redirects, () => interpreter.runNode(node.command));
    case "Function":
      interpreter.state.setFunction(node.name.value, { definition: node, unit: interpreter.unit });
      return true;
    case "TestCommand":
      if (interpreter.isDash) return interpreter.notFound();
      return evaluateExpression(interpreter, node.expression);
    case "ArithmeticCommand":
      if (interpreter.isDash) return interpreter.notFound();
      return statusOfArithmetic(interpreter.expander.variables.arithmetic(node.expression));
    case "ArithmeticFor":
      return runArithmeticFor(interpreter, node);
    case "Select":
      interpreter.state.setVariable(node.name.value, unknown("what the user selects"));
      insideLoop(interpreter, node.name.value, node, () =>
        runRepeatedly(interpreter, "what the user selects", () =>
          interpreter.runStatements(node.body.commands),
        ),
      );
      return true;
    case "Coproc":
      return true;
  }
}

function runIf(interpreter: Interpreter, node: If): Status {
  return runArms(interpreter, [node, ...node.elif], 0, node.else);
}

function runArms(
  interpreter: Interpreter,
  arms: readonly Pick<If, "clause" | "then">[],
  index: number,
  otherwise: CompoundList | undefined,
): Status {
  const arm = arms[index];
  if (arm === undefined) return otherwise ? interpreter.runStatements(otherwise.commands) : true;
  const status = interpreter.tested(() => interpreter.runStatements(arm.clause.commands));
  if (interpreter.flow !== undefined) return status;
  if (status === true) return interpreter.runStatements(arm.then.commands);
  const rest = () => runArms(interpreter, arms, index + 1, otherwise);
  if (status === false) return rest();
  return runBranches(
    interpreter,
    status.unknown,
    [() => interpreter.runStatements(arm.then.commands), rest],
    true,
  );
}

function runCase(interpreter: Interpreter, node: Case): Status {
  const subject = interpreter.expander.value(node.word);
  if (subject.kind === "unknown") {
    const bodies = node.items.map((item) => () => interpreter.runStatements(item.body.commands));
    const catchAll = node.items.some((item) => item.pattern.some((pattern) => pattern.text === "*"));
    return runBranches(interpreter, subject.reason, bodies, catchAll);
  }
  return runCaseFrom(interpreter, node, 0, subject.kind === "known" ? subject.text : "");
}

function runCaseFrom(interpreter: Interpreter, node: Case, from: number, subject: string): Status {
  for (let i = from; i < node.items.length; i++) {
    const item = node.items[i]!;
    const match = matchesAny(interpreter, item.pattern, subject);
    if (match === false) continue;
    const body = () => runItems(interpreter, node, i, subject);
    if (match === true) return body();
    const rest = () => runCaseFrom(interpreter, node, i + 1, subject);
    return runBranches(interpreter, match.unknown, [body, rest], true);
  }
  return true;
}

/** The commands of one branch, and of the next ones when it ends in `;&` or `;;&`. */
function runItems(interpreter: Interpreter, node: Case, first: number, subject: string): Status {
  let status: Status = true;
  for (let i = first; i < node.items.length; i++) {
    const item = node.items[i]!;
    status = interpreter.runStatements(item.body.commands);
    if (interpreter.flow !== undefined) return status;
    if (item.terminator === ";;&") return runCaseFrom(interpreter, node, i + 1, subject);
    if (item.terminator !== ";&") return status;
  }
  return status;
}

function matchesAny(interpreter: Interpreter, patterns: readonly ShellWord[], subject: string): Status {
  let doubt: Status = false;
  const cased = (text: string) => (interpreter.state.isOn("nocasematch") ? text.toLowerCase() : text);
  for (const word of patterns) {
    const pattern = interpreter.expander.pattern(word);
    if (pattern.kind === "unknown") doubt = { unknown: pattern.reason };
    else if (matchesPattern(cased(pattern.kind === "known" ? pattern.text : ""), cased(subject))) return true;
  }
  return doubt;
}

/** What a `for` runs over; undefined: the arguments of the script, which are not known. */
function itemsOf(interpreter: Interpreter, node: For): readonly Field[] | undefined {
  if (node.wordlist !== undefined) return interpreter.expander.fieldsOf(node.wordlist);
  const { fields, open } = interpreter.state.positional;
  return open && fields.length === 0 ? undefined : fields;
}

function runFor(
  interpreter: Interpreter,
  variable: string,
  items: readonly Field[] | undefined,
  node: For,
): Status {
  const body = () => interpreter.runStatements(node.body.commands);
  if (items === undefined) {
    const reason = ALL_ARGUMENTS;
    interpreter.state.setVariable(variable, unknown(reason));
    insideLoop(interpreter, variable, node, () =>
      runRepeatedly(interpreter, reason, () => {
        interpreter.state.setVariable(variable, unknown(reason));
        return body();
      }),
    );
    return true;
  }
  const { frames } = interpreter;
  const at = interpreter.placed(node);
  const { break: broken, continue: continued } = interpreter.doubts;
  let status: Status = true;
  for (let iteration = 0; iteration < items.length; iteration++) {
    const item = items[iteration]!;
    const detail = `${variable}=${item.text}`;
    const file = interpreter.unit.path;
    interpreter.frames = [...frames, { kind: "loop", name: variable, file, at, iteration, detail }];
    interpreter.doubts.continue = continued;
    status = runIteration(interpreter, variable, item, body);
    if (leavesLoop(interpreter)) break;
  }
  interpreter.frames = frames;
  interpreter.doubts.break = broken;
  interpreter.doubts.continue = continued;
  return status;
}

function runIteration(interpreter: Interpreter, variable: string, item: Field, body: () => Status): Status {
  if (item.unknown === undefined) {
    interpreter.state.setVariable(variable, known(item.text));
    return body();
  }
  const reason = item.unknown;
  if (isQuoted(interpreter, item)) {
    interpreter.state.setVariable(variable, unknown(reason));
    return body();
  }
  // Unquoted, it may be any number of words.
  runRepeatedly(interpreter, reason, () => {
    interpreter.state.setVariable(variable, unknown(reason));
    return body();
  });
  return true;
}

function isQuoted(interpreter: Interpreter, field: Field): boolean {
  return interpreter.unit.file.source.charAt(field.start) === '"';
}

/** After an iteration: whether the loop ends here. Takes account of `break 2`. */
function leavesLoop(interpreter: Interpreter): boolean {
  const { flow } = interpreter;
  if (flow === undefined) return false;
  if (!("levels" in flow)) return true;
  interpreter.flow = flow.levels > 1 ? { kind: flow.kind, levels: flow.levels - 1 } : undefined;
  return flow.kind === "break" || flow.levels > 1;
}

function runWhile(interpreter: Interpreter, node: While): Status {
  const wanted = node.kind === "while";
  const condition = () => {
    const status = interpreter.tested(() => interpreter.runStatements(node.clause.commands));
    return wanted ? status : negate(status);
  };
  return runConditionalLoop(interpreter, node, condition, () => {});
}

/** `for ((i = 0; i < 3; i++))` */
function runArithmeticFor(interpreter: Interpreter, node: ArithmeticFor): Status {
  const { expander } = interpreter;
  expander.variables.arithmetic(node.initialize);
  const condition = () =>
    node.test === undefined ? true : statusOfArithmetic(expander.variables.arithmetic(node.test));
  return runConditionalLoop(
    interpreter,
    node,
    condition,
    () => void expander.variables.arithmetic(node.update),
  );
}

/**
 * Runs a loop while its condition holds; from where that is not known, any number of times. Its status is that of the
 * last command of its body.
 */
function runConditionalLoop(
  interpreter: Interpreter,
  node: While | ArithmeticFor,
  condition: () => Status,
  update: () => void,
): Status {
  const { frames } = interpreter;
  /** Of the last command in the loop. */
  let last: Status = true;
  const { break: broken, continue: continued } = interpreter.doubts;
  const name = headOf(interpreter, node);
  const at = interpreter.placed(node);
  for (let iteration = 0; ; iteration++) {
    const status = condition();
    if (interpreter.flow !== undefined || status === false) break;
    if (status !== true || interpreter.doubts.break !== broken) {
      const reason = typeof status === "boolean" ? `how often "${name}" runs` : status.unknown;
      interpreter.frames = frames;
      insideLoop(interpreter, name, node, () =>
        runRepeatedly(interpreter, reason, () => {
          condition();
          if (interpreter.flow === undefined) interpreter.runStatements(node.body.commands);
          if (interpreter.flow === undefined) update();
          return true;
        }),
      );
      break;
    }
    const file = interpreter.unit.path;
    const detail = valuesIn(interpreter, node);
    const loop = { kind: "loop", name, file, at, iteration } as const;
    interpreter.frames = [...frames, detail === undefined ? loop : { ...loop, detail }];
    interpreter.doubts.continue = continued;
    last = interpreter.runStatements(node.body.commands);
    if (leavesLoop(interpreter)) break;
    update();
    if (endless(interpreter, node)) break;
  }
  interpreter.frames = frames;
  interpreter.doubts.break = broken;
  interpreter.doubts.continue = continued;
  return last;
}

/** Nothing ends the script when a loop does not: each turn costs a step, however little it does. */
function endless(interpreter: Interpreter, node: While | ArithmeticFor): boolean {
  return !interpreter.step(node);
}

/** `port=21 proto=tcp`: what a turn of `while read port proto` works with. */
function valuesIn(interpreter: Interpreter, node: While | ArithmeticFor): string | undefined {
  const names = node.type === "While" ? namesRead(node) : namesCounted(node);
  const values = names.flatMap((name) => {
    const value = interpreter.state.variable(name);
    return value?.kind === "known" ? [`${name}=${value.text}`] : [];
  });
  return values.length > 0 ? values.join(" ") : undefined;
}

function namesRead({ clause }: While): string[] {
  const command = clause.commands[0]?.command;
  if (command?.type !== "Command" || command.name?.value !== "read") return [];
  return command.args.flatMap((word) =>
    word.type === "Word" && /^[A-Za-z_]\w*$/.test(word.value) ? [word.value] : [],
  );
}

function namesCounted({ initialize }: ArithmeticFor): string[] {
  if (initialize?.type !== "ArithmeticBinary" || initialize.left.type !== "ArithmeticWord") return [];
  return [initialize.left.value];
}

/** Marks what `body` does as done in a loop whose iterations are not known. */
function insideLoop(
  interpreter: Interpreter,
  name: string,
  node: { readonly pos: number; readonly end: number },
  body: () => void,
): void {
  const { frames } = interpreter;
  const file = interpreter.unit.path;
  interpreter.frames = [...frames, { kind: "loop", name, file, at: interpreter.placed(node) }];
  body();
  interpreter.frames = frames;
}

function headOf(
  interpreter: Interpreter,
  node: { readonly pos: number; readonly body: CompoundList },
): string {
  const { source } = interpreter.unit.file;
  const head = source.slice(node.pos, Math.min(node.body.pos, node.pos + 200));
  return excerpt(head.replace(/;?\s*do\s*$/, ""));
}
