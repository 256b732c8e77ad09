#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/lag_distribution.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <limits>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fg::LagFamily;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr LagFamily two_moment_families[] = {LagFamily::gamma, LagFamily::lognormal, LagFamily::weibull};

fg::LagDistribution lag_of(LagFamily family, double mean, double sd) {
  fg::LagDistribution lag;
  lag.family = family;
  lag.mean = mean;
  lag.sd = sd;
  return lag;
}

struct TransformFigure {
  LagFamily family;
  double cv, x, factor, loss, by_x, by_cv;
};

// E exp(-x T) of a lag of mean 1, its complement and its derivatives by x and by the coefficient of
// variation. mpmath with 40 digits: the integral over z of the normal density and exp(sigma z - sigma^2 / 2),
// or over y of exp(y - exp(y)) and exp(a y) / Gamma(1 + a), by the trapezoidal rule with a step of 1/16 or
// less; shape 1 / a by findroot(loggamma(1 + 2a) - 2 loggamma(1 + a) - log(1 + c^2)); derivatives by central
// differences of 1e-9.
constexpr TransformFigure transform_figures[] = {
    {LagFamily::gamma, 0.05, 0.01, 0.99004995750334244, 0.0099500424966575584, -0.990025206873171,
     4.9500847838312e-6},
    {LagFamily::gamma, 0.05, 2, 0.13601139575835393, 0.86398860424164607, -0.135334722147616,
     0.0270219452971961},
    {LagFamily::gamma, 0.5, 1e-7, 0.99999990000000625, 9.9999993750000312e-8, -0.999999875000009,
     4.99999933333339e-15},
    {LagFamily::gamma, 0.5, 0.1, 0.90595064479975483, 0.094049355200245173, -0.883854287609517,
     0.00438289772479493},
    {LagFamily::gamma, 0.5, 8, 0.012345679012345679, 0.98765432098765432, -0.00411522633744856,
     0.085322592000285},
    {LagFamily::gamma, 1, 0.02, 0.9803921568627451, 0.019607843137254902, -0.961168781237985,
     0.000381929723381982},
    {LagFamily::gamma, 1, 1.5, 0.4, 0.6, -0.16, 0.253032585499324},
    {LagFamily::gamma, 1, 40, 0.024390243902439024, 0.97560975609756098, -0.000594883997620464,
     0.133559137102768},
    {LagFamily::gamma, 2.5, 1e-4, 0.99990003623369555, 9.9963766304449889e-5, -0.999275489053037,
     2.49766842923024e-8},
    {LagFamily::gamma, 2.5, 0.3, 0.84453556674347297, 0.15546443325652703, -0.293751501475991,
     0.0436595172467996},
    {LagFamily::gamma, 2.5, 10, 0.51470241259995759, 0.48529758740004241, -0.00810554980472374,
     0.208634034120896},
    {LagFamily::gamma, 8, 0.01, 0.99230016797978523, 0.0076998320202147676, -0.605061078036454,
     0.000404875288787526},
    {LagFamily::gamma, 8, 5, 0.91376781863612957, 0.086232181363870426, -0.00284662871849262,
     0.017042328029499},
    {LagFamily::lognormal, 0.05, 0.01, 0.99004995750230863, 0.009950042497691374, -0.990025207182275,
     4.95000197804525e-6},
    {LagFamily::lognormal, 0.05, 2, 0.13601027357965315, 0.86398972642034685, -0.135335281844352,
     0.0269323946718845},
    {LagFamily::lognormal, 0.5, 1e-7, 0.99999990000000625, 9.9999993750000326e-8, -0.99999987500001,
     4.99999921875008e-15},
    {LagFamily::lognormal, 0.5, 0.1, 0.90593963508017615, 0.094060364919823852, -0.884166419786149,
     0.00428927533148804},
    {LagFamily::lognormal, 0.5, 8, 0.0072790609718328562, 0.99272093902816714, -0.00317819326318884,
     0.040064316129584},
    {LagFamily::lognormal, 1, 0.02, 0.98038973518957242, 0.019610264810427581, -0.961520761135845,
     0.000370322437453152},
    {LagFamily::lognormal, 1, 1.5, 0.3603613917912964, 0.6396386082087036, -0.18582990247708,
     0.160669106738481},
    {LagFamily::lognormal, 1, 40, 0.000744432068044271, 0.99925556793195573, -6.08051668752953e-5,
     0.00482490270188888},
    {LagFamily::lognormal, 2.5, 1e-4, 0.9999000361870646, 9.9963812935399989e-5, -0.99927688252132,
     2.48709208880932e-8},
    {LagFamily::lognormal, 2.5, 0.3, 0.81242024028848758, 0.18757975971151242, -0.440896375128594,
     0.0224784718860078},
    {LagFamily::lognormal, 2.5, 10, 0.15510152757727663, 0.84489847242272337, -0.0138974331703776,
     0.0748061452821303},
    {LagFamily::lognormal, 8, 0.01, 0.99126471946034394, 0.0087352805396560566, -0.79510485666074,
     0.000140529925395093},
    {LagFamily::lognormal, 8, 5, 0.49324888241734469, 0.50675111758265531, -0.0336182640156185,
     0.0204508396493563},
    {LagFamily::weibull, 0.05, 0.01, 0.9900499575243443, 0.0099500424756556992, -0.990025200593244,
     4.95129902328253e-6},
    {LagFamily::weibull, 0.05, 2, 0.13603532317831645, 0.86396467682168355, -0.135322194195835,
     0.0284196406348276},
    {LagFamily::weibull, 0.5, 1e-7, 0.99999990000000625, 9.9999993750000303e-8, -0.999999875000009,
     4.99999936973617e-15},
    {LagFamily::weibull, 0.5, 0.1, 0.90595851336783959, 0.094041486632160414, -0.883628980978753,
     0.00441314616506012},
    {LagFamily::weibull, 0.5, 8, 0.020176977330707584, 0.97982302266929242, -0.00497006372329846,
     0.116836825511354},
    {LagFamily::weibull, 1, 0.02, 0.9803921568627451, 0.019607843137254902, -0.961168781237985,
     0.000380673342871582},
    {LagFamily::weibull, 1, 1.5, 0.4, 0.6, -0.16, 0.219909775649797},
    {LagFamily::weibull, 1, 40, 0.024390243902439024, 0.97560975609756098, -0.000594883997620464,
     0.0883657838597099},
    {LagFamily::weibull, 2.5, 1e-4, 0.99990003622621817, 9.9963773781833487e-5, -0.999275713224488,
     2.49600373640524e-8},
    {LagFamily::weibull, 2.5, 0.3, 0.83122424982974475, 0.16877575017025525, -0.357249245141135,
     0.0313596549887428},
    {LagFamily::weibull, 2.5, 10, 0.34836160627292683, 0.65163839372707317, -0.0122383087382696,
     0.125314793264626},
    {LagFamily::weibull, 8, 0.01, 0.99175502788389085, 0.008244972116109148, -0.712158040066323,
     0.000236669412441324},
    {LagFamily::weibull, 8, 5, 0.71291272761619599, 0.28708727238380401, -0.0171466281480973,
     0.0212534669195409},
};

struct TailFigure {
  LagFamily family;
  double mean, sd, days, exceedance, probability;
};

// SciPy 1.17: expon(scale=m), gamma(1/c**2, scale=m*c*c), lognorm(sqrt(v), scale=m*exp(-v/2)) with v =
// log1p(c*c), weibull_min(1/a, scale=m/Gamma(1+a)) with a by brentq; sf(days), and where a probability stands
// days = ppf(it).
constexpr TailFigure tail_figures[] = {
    {LagFamily::exponential, 3.5, 3.5, 0.875, 0.7788007830714049, 0},
    {LagFamily::exponential, 3.5, 3.5, 3.5, 0.3678794411714423, 0},
    {LagFamily::exponential, 3.5, 3.5, 14.0, 0.01831563888873418, 0},
    {LagFamily::exponential, 3.5, 3.5, 0.1795265303564269, 0.95, 0.05},
    {LagFamily::exponential, 3.5, 3.5, 2.426015131959808, 0.5, 0.5},
    {LagFamily::exponential, 3.5, 3.5, 16.11809565095832, 0.01000000000000001, 0.99},
    {LagFamily::gamma, 2, 1.5, 0.5, 0.8911848793846717, 0},
    {LagFamily::gamma, 2, 1.5, 2, 0.4003522007416729, 0},
    {LagFamily::gamma, 2, 1.5, 8, 0.00448499521624348, 0},
    {LagFamily::gamma, 2, 1.5, 0.303873764314992, 0.95, 0.05},
    {LagFamily::gamma, 2, 1.5, 1.640053769053233, 0.5, 0.5},
    {LagFamily::gamma, 2, 1.5, 6.995531918881177, 0.01000000000000001, 0.99},
    {LagFamily::gamma, 15, 30, 3.75, 0.4551460604380833, 0},
    {LagFamily::gamma, 15, 30, 15, 0.256322055268539, 0},
    {LagFamily::gamma, 15, 30, 60, 0.06792113201010888, 0},
    {LagFamily::gamma, 15, 30, 0.0002531145252157796, 0.95, 0.05},
    {LagFamily::gamma, 15, 30, 2.620428141172404, 0.5, 0.5},
    {LagFamily::gamma, 15, 30, 146.0331253318219, 0.01000000000000001, 0.99},
    {LagFamily::lognormal, 45, 60, 11.25, 0.8067939666176535, 0},
    {LagFamily::lognormal, 45, 60, 45, 0.3066446382169238, 0},
    {LagFamily::lognormal, 45, 60, 180, 0.03026521028264613, 0},
    {LagFamily::lognormal, 45, 60, 5.120602083793085, 0.95, 0.05},
    {LagFamily::lognormal, 45, 60, 27, 0.5, 0.5},
    {LagFamily::lognormal, 45, 60, 283.5062151251299, 0.01000000000000001, 0.99},
    {LagFamily::lognormal, 4, 0.2, 1.0, 1, 0},
    {LagFamily::lognormal, 4, 0.2, 4, 0.4900337049070994, 0},
    {LagFamily::lognormal, 4, 0.2, 16, 5.255210292402682e-170, 0},
    {LagFamily::lognormal, 4, 0.2, 3.67978590264506, 0.95, 0.05},
    {LagFamily::lognormal, 4, 0.2, 3.995009355511379, 0.5, 0.5},
    {LagFamily::lognormal, 4, 0.2, 4.487477386725703, 0.01000000000000001, 0.99},
    {LagFamily::weibull, 10, 4, 2.5, 0.9827862389658496, 0},
    {LagFamily::weibull, 10, 4, 10, 0.4825215319561143, 0},
    {LagFamily::weibull, 10, 4, 40, 5.219169006581845e-14, 0},
    {LagFamily::weibull, 10, 4, 3.736393311545846, 0.95, 0.05},
    {LagFamily::weibull, 10, 4, 9.816003105973346, 0.5, 0.5},
    {LagFamily::weibull, 10, 4, 19.8166190068738, 0.01000000000000001, 0.99},
    {LagFamily::weibull, 6, 15, 1.5, 0.4588035520723268, 0},
    {LagFamily::weibull, 6, 15, 6, 0.2276937236924418, 0},
    {LagFamily::weibull, 6, 15, 24, 0.06018124680623724, 0},
    {LagFamily::weibull, 6, 15, 0.004193078729754642, 0.95, 0.05},
    {LagFamily::weibull, 6, 15, 1.165017645659956, 0.5, 0.5},
    {LagFamily::weibull, 6, 15, 69.78147532316335, 0.01000000000000001, 0.99},
};

}  // namespace

TEST_CASE("discount factors of every family keep their relative precision", "[lag]") {
  for (const TransformFigure& figure : transform_figures) {
    CAPTURE(static_cast<int>(figure.family), figure.cv, figure.x);
    const double mean = 7.5, s = figure.x / mean;
    const fg::LagDistribution lag = lag_of(figure.family, mean, figure.cv * mean);
    // Quadrature is to 1e-12, and a tiny factor carries the rounding of its logarithm.
    const double tolerance = 1e-12;
    const fg::DiscountFactor discount = fg::discount(lag, s);
    CHECK_THAT(discount.factor, WithinRel(figure.factor, tolerance));
    CHECK_THAT(discount.loss, WithinRel(figure.loss, tolerance));
    const fg::DiscountGradient gradient = fg::discount_gradient(lag, s);
    // The figures hold 15 digits; derivatives by the deviation lose some to cancellation.
    CHECK_THAT(gradient.by_mean, WithinRel(figure.by_x * s, 1e-11));
    CHECK_THAT(gradient.by_force, WithinRel(figure.by_x * mean, 1e-11));
    CHECK_THAT(gradient.by_sd, WithinRel(figure.by_cv / mean, 1e-10));
  }
}

TEST_CASE("closed forms of deterministic and exponential lags", "[lag]") {
  // exp(-s m) and 1 / (1 + s m); tolerance: a few ulp.
  const fg::LagDistribution fixed = lag_of(LagFamily::deterministic, 14, 0);
  CHECK_THAT(fg::discount(fixed, 0.001).factor, WithinRel(0.98609754426286189, 1e-15));
  CHECK_THAT(fg::discount(fixed, 1e-12).loss, WithinRel(1.3999999999902e-11, 1e-14));
  CHECK_THAT(fg::discount_gradient(fixed, 0.001).by_force, WithinRel(-14 * 0.98609754426286189, 1e-15));
  CHECK(fg::discount_gradient(fixed, 0.001).by_sd == 0);
  const fg::LagDistribution exponential = lag_of(LagFamily::exponential, 3, 3);
  CHECK_THAT(fg::discount(exponential, 0.5).factor, WithinRel(0.4, 1e-15));
  CHECK_THAT(fg::discount(exponential, 0.5).loss, WithinRel(0.6, 1e-15));
  CHECK_THAT(fg::discount_gradient(exponential, 0.5).by_mean, WithinRel(-0.5 * 0.16, 1e-15));
  // A gamma or Weibull lag whose deviation is its mean is exponential.
  for (const LagFamily family : {LagFamily::gamma, LagFamily::weibull}) {
    const fg::LagDistribution lag = lag_of(family, 3, 3);
    CHECK_THAT(fg::discount(lag, 0.5).factor, WithinRel(0.4, 1e-12));
    CHECK_THAT(fg::exceedance(lag, 2), WithinRel(fg::exceedance(exponential, 2), 1e-12));
  }
}

TEST_CASE("tails and quantiles agree with SciPy", "[lag]") {
  for (const TailFigure& figure : tail_figures) {
    CAPTURE(static_cast<int>(figure.family), figure.mean, figure.sd, figure.days);
    const fg::LagDistribution lag = lag_of(figure.family, figure.mean, figure.sd);
    // SciPy's own error, and days printed with 16 digits.
    CHECK_THAT(fg::exceedance(lag, figure.days), WithinRel(figure.exceedance, 1e-11));
    if (figure.probability > 0)
      CHECK_THAT(fg::quantile(lag, figure.probability), WithinRel(figure.days, 1e-11));
  }
}

TEST_CASE("quantile and exceedance are inverse in every family", "[lag]") {
  std::vector<fg::LagDistribution> lags = {
      lag_of(LagFamily::exponential, 4, 4),
      fg::empirical_lag({{0, 1}, {0.25, 2}, {0.5, 2.5}, {0.9, 10}, {1, 40}})};
  for (const LagFamily family : two_moment_families) {
    for (const double cv : {0.02, 0.3, 1.0, 4.0}) lags.push_back(lag_of(family, 5, 5 * cv));
  }
  for (const fg::LagDistribution& lag : lags) {
    double before = fg::quantile(lag, 0);
    for (const double p : {0.01, 0.2, 0.5, 0.77, 0.95, 0.999}) {
      CAPTURE(static_cast<int>(lag.family), lag.sd, p);
      const double days = fg::quantile(lag, p);
      CHECK(days > before);
      before = days;
      CHECK_THAT(fg::exceedance(lag, days), WithinAbs(1 - p, 1e-11));  // narrow lags: days * 1e-16 / sd
    }
    CHECK(fg::exceedance(lag, 0) == 1);
    CHECK(fg::exceedance(lag, -1) == 1);
    CHECK(fg::exceedance(lag, infinity) == 0);
  }
}

TEST_CASE("empirical lags integrate their quantiles exactly", "[lag]") {
  // Uniform on [2, 6]: mean 4, sd 4 / sqrt(12), transform (exp(-2 s) - exp(-6 s)) / (4 s).
  const fg::LagDistribution uniform = fg::empirical_lag({{0, 2}, {0.5, 4}, {1, 6}});
  CHECK_THAT(uniform.mean, WithinRel(4.0, 1e-15));
  CHECK_THAT(uniform.sd, WithinRel(1.1547005383792515, 1e-15));
  for (const double s : {1e-3, 0.05, 0.3, 2.0}) {
    const double expected = (std::exp(-2 * s) - std::exp(-6 * s)) / (4 * s);
    CHECK_THAT(fg::discount(uniform, s).factor, WithinRel(expected, 1e-12));  // the expected cancels
    CHECK_THAT(fg::discount(uniform, s).loss, WithinRel(1 - expected, 1e-11));
  }
  // Small forces: loss = s m - s^2 (m^2 + sd^2) / 2 + ..., kept to full relative precision.
  CHECK_THAT(fg::discount(uniform, 1e-9).loss, WithinRel(4e-9 - 1e-18 * (16 + 4.0 / 3) / 2, 1e-15));

  // Uniform on [0, 10] with u = 10 s: loss = u / 2 - u^2 / 6 + u^3 / 24 - ...
  const fg::LagDistribution from_zero = fg::empirical_lag({{0, 0}, {1, 10}});
  CHECK_THAT(fg::discount(from_zero, 1e-5).loss,
             WithinRel(0.5e-4 - 1e-8 / 6 + 1e-12 / 24 - 1e-16 / 120, 1e-15));

  // An atom of 30 % at zero, then a gap, then uniform on [5, 15].
  const fg::LagDistribution mixed = fg::empirical_lag({{0, 0}, {0.3, 0}, {0.3, 5}, {1, 15}});
  CHECK_THAT(mixed.mean, WithinRel(7.0, 1e-15));
  CHECK_THAT(mixed.sd, WithinRel(std::sqrt(0.3 * 49 + 0.7 * (9 + 100.0 / 12)), 1e-15));
  CHECK(fg::exceedance(mixed, 3) == 0.7);
  CHECK_THAT(fg::exceedance(mixed, 10), WithinRel(0.35, 1e-15));
  CHECK(fg::exceedance(mixed, 0) == 0.7);
  CHECK(fg::quantile(mixed, 0.1) == 0);
  CHECK(fg::quantile(mixed, 1) == 15);

  // Another mean scales the quantiles; the discount then only depends on s * mean.
  fg::LagDistribution twice = mixed;
  twice.mean *= 2;
  twice.sd *= 2;
  CHECK_THAT(fg::discount(twice, 0.05).factor, WithinRel(fg::discount(mixed, 0.1).factor, 1e-14));
  CHECK_THAT(fg::exceedance(twice, 20), WithinRel(0.35, 1e-14));
  CHECK_THAT(fg::quantile(twice, 1), WithinRel(30.0, 1e-15));

  for (const fg::LagDistribution& lag : {uniform, mixed, twice}) {
    for (const double s : {1e-3, 0.1, 1.0, 20.0}) {
      const double e = 1e-6;  // central differences: error e^2 and 1e-16 / e, relative to the loss
      const double up = fg::discount(lag, s * (1 + e)).factor, down = fg::discount(lag, s * (1 - e)).factor;
      const fg::DiscountGradient gradient = fg::discount_gradient(lag, s);
      // ... and absolute where an atom at zero hides the rest.
      CHECK_THAT(gradient.by_force, WithinRel((up - down) / (2 * e * s), 1e-6) || WithinAbs(0, 1e-20));
      CHECK_THAT(gradient.by_mean, WithinRel(gradient.by_force * s / lag.mean, 1e-13));
      CHECK(gradient.by_sd == 0);
    }
  }
}

TEST_CASE("quantiles that are no distribution are refused", "[lag]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::vector<fg::LagQuantile>> bad = {
      {},
      {{0, 1}},
      {{0.1, 1}, {1, 2}},
      {{0, 1}, {0.9, 2}},
      {{0, 1}, {0.6, 2}, {0.5, 3}, {1, 4}},
      {{0, 2}, {1, 1}},
      {{0, -1}, {1, 1}},
      {{0, 1}, {1, infinity}},
      {{0, nan}, {1, 2}},
      {{0, 1}, {nan, 2}, {1, 3}},
      {{0, 1}, {1.5, 2}},
  };
  for (const auto& quantiles : bad) CHECK_THROWS_AS(fg::empirical_lag(quantiles), fg::InvalidValueError);
}

TEST_CASE("no deviation, no mean and no knowledge", "[lag]") {
  for (const LagFamily family : two_moment_families) {
    const fg::LagDistribution constant = lag_of(family, 10, 0);
    const fg::LagDistribution fixed = lag_of(LagFamily::deterministic, 10, 0);
    CHECK(fg::discount(constant, 0.1).factor == fg::discount(fixed, 0.1).factor);
    CHECK(fg::discount_gradient(constant, 0.1).by_mean == fg::discount_gradient(fixed, 0.1).by_mean);
    CHECK(fg::discount_gradient(constant, 0.1).by_sd == 0);
    CHECK(fg::exceedance(constant, 9) == 1);
    CHECK(fg::exceedance(constant, 10) == 0);
    CHECK(fg::quantile(constant, 0.3) == 10);
    CHECK(constant.variance() == 0);
    // A tiny deviation comes near it: the difference is (x c)^2 / 2.
    CHECK_THAT(fg::discount(lag_of(family, 10, 1e-7), 0.1).factor, WithinRel(std::exp(-1.0), 1e-12));

    const fg::LagDistribution none = lag_of(family, 0, 0);
    CHECK(fg::discount(none, 0.1).factor == 1);
    CHECK(fg::discount(none, 0.1).loss == 0);
    CHECK_THAT(fg::discount_gradient(none, 0.1).by_mean, WithinRel(-0.1, 1e-15));
    CHECK(fg::exceedance(none, 0) == 0);
  }
  const fg::LagDistribution unknown;
  CHECK_FALSE(unknown.known());
  CHECK(std::isnan(unknown.variance()));
  CHECK(fg::discount(unknown, 0).factor == 1);
  CHECK(fg::discount(unknown, 0).loss == 0);
  CHECK(std::isnan(fg::discount(unknown, 0.1).factor));
  CHECK(std::isnan(fg::discount(unknown, 0.1).loss));
  CHECK(std::isnan(fg::discount_gradient(unknown, 0.1).by_mean));
  CHECK(std::isnan(fg::discount_gradient(unknown, 0).by_force));
  CHECK(std::isnan(fg::exceedance(unknown, 1)));
  CHECK(std::isnan(fg::quantile(unknown, 0.5)));
  const fg::LagDistribution lag = lag_of(LagFamily::lognormal, 10, 5);
  CHECK_THAT(fg::discount_gradient(lag, 0).by_force, WithinRel(-10.0, 1e-15));
  CHECK(std::isnan(fg::discount(lag, -0.1).factor));
  CHECK_THROWS_AS(fg::quantile(lag, 1.5), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::quantile(lag, std::numeric_limits<double>::quiet_NaN()), fg::InvalidValueError);
}

TEST_CASE("discount stays a probability at any scale", "[lag]") {
  for (const LagFamily family :
       {LagFamily::exponential, LagFamily::gamma, LagFamily::lognormal, LagFamily::weibull}) {
    for (const double cv : {1e-12, 1e-6, 1e-3, 0.1, 1.0, 5.0, 100.0, 1e6}) {
      double before = 1;
      for (const double x : {1e-300, 1e-12, 1e-3, 0.3, 0.69, 0.71, 1.0, 5.0, 100.0, 1e6, 1e300}) {
        CAPTURE(static_cast<int>(family), cv, x);
        const fg::LagDistribution lag = lag_of(family, 1, family == LagFamily::exponential ? 1 : cv);
        const fg::DiscountFactor discount = fg::discount(lag, x);
        CHECK((discount.factor >= 0 && discount.factor <= 1 + 1e-12));
        CHECK((discount.loss >= 0 && discount.loss <= 1 + 1e-12));
        CHECK(discount.loss <= x * (1 + 1e-12));               // Markov
        CHECK(discount.factor >= std::exp(-x) * (1 - 1e-11));  // Jensen; exp(-x) rounds by x ulp
        CHECK(discount.factor <= before * (1 + 1e-12));
        before = discount.factor;
        const fg::DiscountGradient gradient = fg::discount_gradient(lag, x);
        CHECK(gradient.by_mean <= 0);
        CHECK(std::isfinite(gradient.by_mean));
        CHECK(std::isfinite(gradient.by_sd));
      }
    }
  }
}
