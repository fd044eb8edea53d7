import { judge } from "./comparison.ts";
import { scripts } from "./scripts.ts";
import { askKernel } from "./suite.ts";

askKernel(
  "what scripts as administrators write them do to FTP, what the simulator says, and what the fixes make of them",
  scripts,
  ({ on, files }) => `${on}: ${files.join(" + ")}`,
  judge,
);
