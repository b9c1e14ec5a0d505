using System.Numerics;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// The sum of numbers and of their squares without any rounding: each finite double is a whole number of 2^-1074, its
/// square one of 2^-2148, and whole numbers of any size add up the same in any order.
/// </summary>
/// <param name="Sum">In 2^-1074.</param>
/// <param name="Squares">In 2^-2148.</param>
internal sealed record ExactSums(BigInteger Sum, BigInteger Squares)
{
    private const int ScaleOfSum = -1074;

    public ExactSums Merge(ExactSums other) => new(Sum + other.Sum, Squares + other.Squares);

    /// <summary>The arithmetic mean of so many numbers, rounded once.</summary>
    public double Mean(long count)
    {
        var (digits, exponent) = Quotient(BigInteger.Abs(Sum), count);
        return Sum.Sign * Math.ScaleB(digits, exponent + ScaleOfSum);
    }

    /// <summary>The standard deviation of a sample of at least two; null beyond the range of a double.</summary>
    public double? Deviation(long count)
    {
        var (digits, exponent) = Quotient((count * Squares) - (Sum * Sum), (BigInteger)count * (count - 1));
        if ((exponent & 1) != 0) // The root of a power of two is one where the exponent is even.
            (digits, exponent) = (digits * 2, exponent - 1);
        var deviation = Math.ScaleB(Math.Sqrt(digits), (exponent / 2) + ScaleOfSum);
        return double.IsFinite(deviation) ? deviation : null;
    }

    public void Write(BinaryWriter writer)
    {
        foreach (var number in (BigInteger[])[Sum, Squares])
        {
            var bytes = number.ToByteArray();
            writer.Write7BitEncodedInt(bytes.Length);
            writer.Write(bytes);
        }
    }

    public static ExactSums Read(BinaryReader reader) => new(Number(reader), Number(reader));

    private static BigInteger Number(BinaryReader reader) => new(reader.ReadBytes(reader.Read7BitEncodedInt()));

    /// <summary>A quotient as digits times a power of two; 61 bits with whether any follow, then rounded.</summary>
    private static (double Digits, int Exponent) Quotient(BigInteger dividend, BigInteger divisor)
    {
        if (dividend.IsZero)
            return (0, 0);
        var shift = 61 - (int)(dividend.GetBitLength() - divisor.GetBitLength());
        var quotient = shift >= 0
            ? BigInteger.DivRem(dividend << shift, divisor, out var rest)
            : BigInteger.DivRem(dividend, divisor << -shift, out rest);
        return ((long)quotient | (rest.IsZero ? 0L : 1L), -shift);
    }

    /// <summary>Adds up number by number: apart for each exponent, where sums of digits are small.</summary>
    public sealed class Builder
    {
        private const int Exponents = 2047, DigitBits = 52;

        /// <summary>Squares have 106 bits: so many fit into 128.</summary>
        private const int SquaresMax = 1 << 21;

        private readonly Int128[] _sums = new Int128[Exponents];
        private readonly UInt128[] _squares = new UInt128[Exponents];
        private BigInteger _squaresBefore;
        private int _added;

        /// <param name="number">Finite.</param>
        public void Add(double number)
        {
            var bits = BitConverter.DoubleToUInt64Bits(number);
            var exponent = (int)(bits >> DigitBits) & Exponents;
            var digits = bits & ((1ul << DigitBits) - 1);
            if (exponent == 0)
                exponent = 1; // Below the least normal number the exponent stays.
            else
                digits |= 1ul << DigitBits;
            _sums[exponent] += number < 0 ? -(long)digits : (long)digits;
            var high = Math.BigMul(digits, digits, out var low);
            _squares[exponent] += new UInt128(high, low);
            if (++_added == SquaresMax)
                Flush();
        }

        public ExactSums Build()
        {
            Flush();
            var sum = BigInteger.Zero;
            for (var i = 1; i < Exponents; i++)
            {
                if (_sums[i] != 0)
                    sum += (BigInteger)_sums[i] << (i - 1);
            }
            return new ExactSums(sum, _squaresBefore);
        }

        private void Flush()
        {
            for (var i = 1; i < Exponents; i++)
            {
                if (_squares[i] != 0)
                    _squaresBefore += (BigInteger)_squares[i] << (2 * (i - 1));
            }
            Array.Clear(_squares);
            _added = 0;
        }
    }
}
