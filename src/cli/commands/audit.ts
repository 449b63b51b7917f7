import { Command } from 'commander';
import { exportCommand } from './audit-export.ts';
import { checkpointCommand, proofCommand, verifyProofCommand } from './audit-proofs.ts';
import { verifyCommand } from './audit-verify.ts';

/** `breakglass audit export | verify | checkpoint | proof | verify-proof`. */
export function auditCommands(): Command {
  const audit = new Command('audit').description('The audit log: export it, verify an export.');
  audit.addCommand(exportCommand());
  audit.addCommand(verifyCommand());
  audit.addCommand(checkpointCommand());
  audit.addCommand(proofCommand());
  audit.addCommand(verifyProofCommand());
  return audit;
}
