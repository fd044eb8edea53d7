/** A fault that is put into the simulator, by replacing a text that stands once in a file of `server/src`. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Each is a way to be wrong about netfilter; the rulesets that were measured have to notice every one. */
export const mutations: readonly Mutation[] = [
  {
    name: "a hook is skipped",
    file: "netfilter/packet.ts",
    from: 'out: ["output", "postrouting", "egress"]',
    to: 'out: ["output", "egress"]',
  },
  {
    name: "a base chain's accept ends the hook",
    file: "netfilter/traverse.ts",
    from: "      const result = runBaseChain(run, entry.chain, hook, current);\n      append(stopped, result.stopped);\n      current = result.passed;",
    to: "      const result = runBaseChain(run, entry.chain, hook, current);\n      append(stopped, result.stopped);\n      current = result.passed;\n      break;",
  },
  {
    name: "chains run in the wrong order",
    file: "netfilter/hooks.ts",
    from: "  ranked.sort((a, b) => a.priority - b.priority",
    to: "  ranked.sort((a, b) => b.priority - a.priority",
  },
  {
    name: "return goes on with the next rule",
    file: "netfilter/chain.ts",
    from: "result.returned.push(record(state,",
    to: "next.push(record(state,",
  },
  {
    name: "goto comes back like jump",
    file: "netfilter/chain.ts",
    from: 'append(verdict.type === "jump" ? next : result.returned, back);',
    to: "append(next, back);",
  },
  {
    name: "policies are forgotten",
    file: "netfilter/traverse.ts",
    from: '    if (verdict === "accept") passed.push(done);',
    to: "    if (verdict) passed.push(done);",
  },
  {
    name: "RELATED without a helper",
    file: "netfilter/ftp-helper.ts",
    from: ' || connection.helper !== "ftp") return [state];',
    to: ") return [state];",
  },
  {
    name: "a helper is assigned at any time",
    file: "netfilter/effect.ts",
    from: "if (connection.confirmed || connection.helperAssigned) return state;",
    to: "",
  },
  {
    name: "expected connections are NEW",
    file: "netfilter/conntrack.ts",
    from: 'connection.expected ? "related" : "new"',
    to: '"new"',
  },
  {
    name: "ct helper matches the connection's own helper",
    file: "netfilter/field.ts",
    from: 'return connection.masterHelper === undefined ? "absent" : constant(connection.masterHelper);',
    to: 'return connection.helper === undefined ? "absent" : constant(connection.helper);',
  },
  {
    name: "notrack does nothing",
    file: "netfilter/effect.ts",
    from: '{ ...state, tracking: { kind: "untracked" } }, "not tracked"',
    to: '{ ...state }, "not tracked"',
  },
  {
    name: "before conntrack a packet counts as new",
    file: "netfilter/field.ts",
    from: "return hasTemplate(state) ? CT_STATE.new : CT_STATE.invalid;",
    to: "return CT_STATE.new;",
  },
  {
    name: "no neighbour discovery",
    file: "ftp/neighbour-discovery.ts",
    from: '    server: [...isAsked("client"), ...asks("client")],',
    to: "    server: [],",
  },
  {
    name: "what nobody can tell matches",
    file: "netfilter/condition.ts",
    from: '    case "opaque":\n      return {\n        yes: NOTHING,',
    to: '    case "opaque":\n      return YES(box);\n      return {\n        yes: NOTHING,',
  },
  {
    name: "replies are in the original direction",
    file: "netfilter/conntrack.ts",
    from: 'return connection.originator === sender ? "original" : "reply";',
    to: 'return connection.originator === sender ? "original" : "original";',
  },
  {
    name: "a reset and an ICMP error always reach the sender",
    file: "ftp/transfer.ts",
    from: "    const heard = sendAnswer(this.#wire.run, stop, this.#wire.scenario, opener);",
    to: "    const heard = { passed: [stop.state], stopped: [] as Stop[] };",
  },
  {
    name: "the data connection does not inherit its master's mark",
    file: "netfilter/traverse.ts",
    from: "mark: state.connections.control?.mark ?? 0,",
    to: "mark: 0,",
  },
  {
    name: "the helper does not rewrite addresses",
    file: "netfilter/ftp-helper.ts",
    from: "  if (!isNated(connection) || !announcement.addr) return announcement;",
    to: "  if (announcement) return announcement;",
  },
  {
    name: "expected connections do not follow NAT",
    file: "netfilter/ftp-helper.ts",
    from: "  if (!isNated(connection)) return base;",
    to: "  if (connection) return base;",
  },
  {
    name: "only what NAT changes ends the nat chains",
    file: "netfilter/nat.ts",
    from: "  const bound = kept.map((one) => withConnection(one, decideNull(connection, manip)));",
    to: "  const bound = [...kept];",
  },
  {
    name: "a source that is in the range is translated",
    file: "netfilter/nat.ts",
    from: "  return { kept: inside ? [{ ...state, box: inside }] : [], open };",
    to: "  return { kept: [], open: [state] };",
  },
  {
    name: "a port that is in the range is translated",
    file: "netfilter/nat-port.ts",
    from: "  const chosen: ChosenPort[] = inside ? [{ box: inside, port: own }] : [];",
    to: "  const chosen: ChosenPort[] = inside ? [{ box: inside, port: constant(ports.min!) }] : [];",
  },
  {
    name: "networks are mapped to themselves",
    file: "netfilter/nat.ts",
    from: "  return (past as number) <= start + size ? shifted(own, min - start) : undefined;",
    to: "  return (past as number) <= start + size ? own : undefined;",
  },
  {
    name: "servers take data from anybody",
    file: "ftp/destination.ts",
    from: "    return this.#compared(state, packet.saddr, controlSource(state), ANOTHER_SOURCE);",
    to: "    return here(state);",
  },
  {
    name: "data arrives at any port",
    file: "ftp/destination.ts",
    from: "    return this.#compared(state, state.packet.dport, sent.dport, ANOTHER_PORT);",
    to: "    return here(state);",
  },
  {
    name: "on one network answers come back through the firewall",
    file: "ftp/destination.ts",
    from: "    if (!forwarded || !this.isHairpin(state)) return here(state);",
    to: "    if (state) return here(state);",
  },
];
