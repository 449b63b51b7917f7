import type { Statement, VariableDeclarator } from '@swc/core';
import { Visitor } from '@swc/core/Visitor.js';

interface UsingDeclaration {
  type: 'UsingDeclaration';
  decls: VariableDeclarator[];
}

// oxlint-disable-next-line typescript/unbound-method -- it is called with its own `this` below
const visitStatement = Visitor.prototype.visitStatement;

/**
 * Teaches swc's visitor, which dependency-cruiser extends, the statements `using` and
 * `await using`. Without it the cruise stops at the first file that has one. The initialisers
 * are visited, since an import can hide in them.
 */
export function readUsingDeclarations(): void {
  Visitor.prototype.visitStatement = function visit(statement: Statement | UsingDeclaration) {
    if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
    this.visitVariableDeclarators(statement.decls);
    return { type: 'EmptyStatement', span: { start: 0, end: 0, ctxt: 0 } };
  };
}
