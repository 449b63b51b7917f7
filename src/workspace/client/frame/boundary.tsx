import { Component, type ReactNode } from 'react';

interface Props {
  /** What is said in place of it. */
  readonly instead: string;
  /** What it is made of: once this is another, it is tried again. */
  readonly of: unknown;
  readonly children: ReactNode;
}

/**
 * Keeps what somebody sent, and this page cannot show, from taking the whole page with it. Only a
 * class can (react.dev/reference/react/Component#static-getderivedstatefromerror).
 */
export class Boundary extends Component<Props, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { readonly isBroken: boolean } {
    return { isBroken: true };
  }

  override componentDidUpdate({ of }: Props): void {
    if (this.state.isBroken && of !== this.props.of) this.setState({ isBroken: false });
  }

  override render(): ReactNode {
    const { instead, children } = this.props;
    return this.state.isBroken ? <p className="placeholder">{instead}</p> : children;
  }
}
