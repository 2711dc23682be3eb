import type { MouseEvent, PointerEvent, ReactNode, Ref, WheelEvent } from 'react';

interface Props {
  /** What the drawing shows, for those who hear the page; the table beside it says the same. */
  readonly label: string;
  readonly box: readonly [x: number, y: number, width: number, height: number];
  readonly className?: string;
  readonly children: ReactNode;
  readonly stretch?: boolean;
  readonly surface?: Ref<SVGSVGElement>;
  readonly onPointerDown?: (event: PointerEvent<SVGSVGElement>) => void;
  readonly onPointerMove?: (event: PointerEvent<SVGSVGElement>) => void;
  readonly onPointerUp?: (event: PointerEvent<SVGSVGElement>) => void;
  readonly onClick?: (event: MouseEvent<SVGSVGElement>) => void;
  readonly onDoubleClick?: (event: MouseEvent<SVGSVGElement>) => void;
  readonly onWheel?: (event: WheelEvent<SVGSVGElement>) => void;
}

/** The one place that makes an SVG surface: of shapes and text that this page draws, never of a file. */
export function Drawing({ label, box, className = '', children, stretch = false, surface, ...acts }: Props) {
  return (
    <svg
      ref={surface}
      className={`drawing ${className}`}
      viewBox={box.join(' ')}
      role="img"
      aria-label={label}
      {...(stretch && { preserveAspectRatio: 'none' })}
      {...acts}
    >
      {children}
    </svg>
  );
}

/** Which of the numbered shapes an event is on; null for none. */
export function numberAt(event: { readonly target: EventTarget }): number | null {
  const shape = event.target instanceof Element ? event.target.closest('[data-number]') : null;
  return shape === null ? null : Number(shape.getAttribute('data-number'));
}
