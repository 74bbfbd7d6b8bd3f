/** Digits kept after the point by a division that does not end: what Saxon keeps for operands of ordinary size. */
const DIVISION_DIGITS = 18;

/** An xs:decimal that is not an integer by type: `unscaled × 10^-scale`, without trailing zeros. */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    let [digits, places] = [unscaled, scale];
    while (places > 0 && digits % 10n === 0n) {
      digits /= 10n;
      places -= 1;
    }
    this.unscaled = digits;
    this.scale = places;
  }

  /** @param text digits with an optional sign and point, as XML Schema writes a decimal */
  static parse(text: string): Decimal {
    const [whole = '', fraction = ''] = text.split('.');
    const sign = whole.startsWith('-') ? -1n : 1n;
    const digits = `${whole.replace(/^[+-]/, '')}${fraction}`;
    return new Decimal(sign * BigInt(digits), fraction.length);
  }

  static of(value: bigint): Decimal {
    return new Decimal(value, 0);
  }

  /** The decimal that a double holds, exactly. */
  static fromNumber(value: number): Decimal {
    if (Number.isInteger(value)) return Decimal.of(BigInt(value));
    let [scaled, places] = [value, 0];
    let power = 1n;
    while (!Number.isInteger(scaled)) {
      scaled *= 2;
      places += 1;
      power *= 5n;
    }
    return new Decimal(BigInt(scaled) * power, places);
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.#at(scale) + other.#at(scale), scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negated());
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.unscaled * other.unscaled, this.scale + other.scale);
  }

  /** @returns null when the divisor is zero */
  over(other: Decimal): Decimal | null {
    if (other.unscaled === 0n) return null;
    const scale = Math.max(DIVISION_DIGITS, this.scale, other.scale);
    const top = this.unscaled * 10n ** BigInt(scale + other.scale - this.scale + 1);
    const digits = top / other.unscaled;
    return new Decimal(digits / 10n, scale);
  }

  /** The integer part of a division; null when the divisor is zero. */
  wholesIn(other: Decimal): bigint | null {
    if (other.unscaled === 0n) return null;
    const scale = Math.max(this.scale, other.scale);
    return this.#at(scale) / other.#at(scale);
  }

  remainder(other: Decimal): Decimal | null {
    if (other.unscaled === 0n) return null;
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.#at(scale) % other.#at(scale), scale);
  }

  negated(): Decimal {
    return new Decimal(-this.unscaled, this.scale);
  }

  compare(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const [a, b] = [this.#at(scale), other.#at(scale)];
    return a < b ? -1 : a > b ? 1 : 0;
  }

  floor(): Decimal {
    const unit = 10n ** BigInt(this.scale);
    const whole = this.unscaled / unit;
    return Decimal.of(this.unscaled < 0n && this.unscaled % unit !== 0n ? whole - 1n : whole);
  }

  ceiling(): Decimal {
    return this.negated().floor().negated();
  }

  /** Rounds to a number of places after the point, halves up or to even. */
  rounded(places: number, toEven: boolean): Decimal {
    if (places >= this.scale) return this;
    const unit = 10n ** BigInt(this.scale - places);
    const below = new Decimal(this.unscaled, this.scale - places).floor().unscaled;
    const twice = (this.unscaled - below * unit) * 2n;
    const up = twice > unit || (twice === unit && (!toEven || below % 2n !== 0n));
    const digits = up ? below + 1n : below;
    return places >= 0 ? new Decimal(digits, places) : Decimal.of(digits * 10n ** BigInt(-places));
  }

  truncated(): bigint {
    return this.unscaled / 10n ** BigInt(this.scale);
  }

  toNumber(): number {
    return Number(this.toString());
  }

  toString(): string {
    const sign = this.unscaled < 0n ? '-' : '';
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled)
      .toString()
      .padStart(this.scale + 1, '0');
    const point = digits.length - this.scale;
    return `${sign}${digits.slice(0, point)}${this.scale > 0 ? `.${digits.slice(point)}` : ''}`;
  }

  #at(scale: number): bigint {
    return this.unscaled * 10n ** BigInt(scale - this.scale);
  }
}
