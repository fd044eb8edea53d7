import type { HostSetting } from "../../model/host-setting.ts";
import type { Command } from "../../syntax/shell/shell-file.ts";
import type { Origin } from "../../text/origin.ts";
import type { Interpreter } from "./interpreter.ts";
import { changedByService } from "./service-command.ts";
import { peekedInput } from "./standard-input.ts";
import { excerpt, type Field } from "./value.ts";

/** A kernel setting by its path below /proc/sys; `value` is undefined where it is not known. */
interface Written {
  readonly path: string;
  readonly value: string | undefined;
}

/**
 * Notes what a command does to forwarding and to the FTP helper's module, and services that load or drop whole
 * rulesets. `fields` begins with the program.
 */
export function recordHostSettings(
  interpreter: Interpreter,
  command: Command,
  fields: readonly Field[],
): void {
  const [program, ...words] = fields;
  if (program === undefined || program.unknown !== undefined) return;
  const name = program.text.slice(program.text.lastIndexOf("/") + 1);
  const settings = [
    ...writtenBy(interpreter, command, name, words).flatMap(forwarding),
    ...moduleSettings(interpreter, name, words),
  ];
  for (const setting of settings)
    interpreter.recorder.operation({
      op: "hostSetting",
      setting,
      origin: originOf(interpreter, command),
      presence: interpreter.presence,
    });
  const tables = changedByService(interpreter, command, program.text, words);
  if (tables === undefined) return;
  interpreter.recorder.operation({
    op: "unknown",
    fact: `what “${excerpt(fields.map(({ text }) => text).join(" "))}” loads or leaves`,
    ...(tables !== "all" && { tables }),
    origin: originOf(interpreter, command),
    presence: interpreter.presence,
  });
}

function originOf(interpreter: Interpreter, command: Command): Origin {
  const statement = interpreter.placed(command);
  const span = { start: 0, end: statement.end - statement.start };
  return { file: interpreter.unit.path, statement, span, frames: interpreter.frames };
}

function writtenBy(
  interpreter: Interpreter,
  command: Command,
  name: string,
  words: readonly Field[],
): readonly Written[] {
  switch (name) {
    case "sysctl":
      return sysctl(interpreter, words);
    case "echo":
    case "printf":
      return redirected(interpreter, command, words);
    case "tee": {
      const input = peekedInput(interpreter);
      const value =
        input?.kind === "inline" && input.unknowns.length === 0 ? input.text.text.trim() : undefined;
      return words.flatMap(({ text, unknown }) => (unknown === undefined ? below(text, value) : []));
    }
    default:
      return [];
  }
}

/** `echo 1 > /proc/sys/…` */
function redirected(interpreter: Interpreter, command: Command, words: readonly Field[]): Written[] {
  const known = words.every((word) => word.unknown === undefined);
  const text = words
    .map((word) => word.text)
    .filter((word) => !/^-[neE]+$/.test(word))
    .join(" ");
  const value = known
    ? text
        .replace(/^%[sd](?:\\n)? /, "")
        .replace(/\\n$/, "")
        .trim()
    : undefined;
  return command.redirects.flatMap((redirect) => {
    if (redirect.type !== "Redirect" || !redirect.operator.startsWith(">") || !redirect.target) return [];
    const path = interpreter.expander.value(redirect.target);
    return path.kind === "known" ? below(path.text, value) : [];
  });
}

function below(path: string, value: string | undefined): Written[] {
  const match = /^\/proc\/sys\/+(.+)$/.exec(path);
  return match?.[1] === undefined ? [] : [{ path: match[1], value }];
}

/** `sysctl -w NAME=VALUE`, `sysctl -p FILE` (/etc/sysctl.conf). */
function sysctl(interpreter: Interpreter, words: readonly Field[]): Written[] {
  const load = words.findIndex(({ text }) => /^(?:-[a-z]*p|--load)/.test(text));
  if (load < 0 && !words.some(({ text }) => text === "--system")) return words.flatMap(assignment);
  const file = load < 0 ? undefined : (words[load + 1]?.text ?? "/etc/sysctl.conf");
  const found = file === undefined ? "missing" : interpreter.options.resolve(file);
  if (file !== undefined && found === "pending") interpreter.recorder.need(file);
  // What it says of forwarding is not known then.
  if (found === "missing" || found === "pending")
    return [
      { path: "net/ipv4/ip_forward", value: undefined },
      { path: "net/ipv6/conf/all/forwarding", value: undefined },
    ];
  return found.text.split("\n").flatMap((text) => assignment({ text: text.trim(), start: 0, end: 0 }));
}

function assignment({ text, unknown }: Field): Written[] {
  const match = /^-?([\w./-]+?)\s*=\s*(.*?)\s*$/.exec(text);
  if (!match) return [];
  const name = match[1]!;
  const path = name.includes("/") ? name : name.replaceAll(".", "/");
  return [{ path, value: unknown === undefined ? match[2] : undefined }];
}

/** The kernel's switches of routing; that of one interface alone switches it on there (ip-sysctl). */
function forwarding({ path, value }: Written): HostSetting[] {
  const off = value === undefined ? undefined : /^0+$/.test(value);
  const on = off === undefined ? undefined : !off;
  if (/^net\/ipv4\/(?:ip_forward|conf\/all\/forwarding)$/.test(path))
    return [{ kind: "forwarding", family: 4, on }];
  if (path === "net/ipv6/conf/all/forwarding") return [{ kind: "forwarding", family: 6, on }];
  const one = /^net\/ipv([46])\/conf\/(?!default\/)[^/]+\/forwarding$/.exec(path);
  return one && on !== false ? [{ kind: "forwarding", family: one[1] === "4" ? 4 : 6, on: undefined }] : [];
}

const FTP_MODULE = /^(?:nf|ip)[-_]conntrack[-_]ftp$/;

function moduleSettings(interpreter: Interpreter, name: string, words: readonly Field[]): HostSetting[] {
  if (name !== "modprobe" && name !== "rmmod") return [];
  const texts = words.filter((word) => word.unknown === undefined).map((word) => word.text);
  const module = texts.findIndex((text) => FTP_MODULE.test(text));
  if (module < 0) return [];
  if (name === "rmmod" || texts.some((text) => /^(?:-[a-z]*r|--remove)/.test(text)))
    return [{ kind: "helper-unloaded" }];
  const value = texts.find((text) => text.startsWith("ports="))?.slice("ports=".length);
  // A module that is there already keeps the ports that it was loaded with.
  const loaded = interpreter.recorder.hostCommands.some(
    (one) => one.kind === "loads-module" && /_(?:conntrack|nat)_ftp$/.test(one.module),
  );
  if (value === undefined || loaded) return [];
  const ports = value.split(",").map(Number);
  return ports.every((port) => Number.isInteger(port) && port > 0 && port < 65536)
    ? [{ kind: "helper-ports", ports }]
    : [];
}
