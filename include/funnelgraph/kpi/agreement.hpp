// The one page that both sides sign: what the words mean, what each promises, when it is looked at again.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/kpi/service_level.hpp>

namespace funnelgraph::inline v0 {

class Funnel;

/// What is promised. The first two are the giver's, the last one both sides', the others the receiver's.
enum class PromiseKind : std::uint8_t {
  volume,    ///< journeys handed over, per period
  quality,   ///< share of them that meets the definition
  answer,    ///< share answered within a time
  feedback,  ///< share accepted or rejected on record
  report,    ///< share of days (or longer spans) with a report back
  wins       ///< journeys won, per period
};

/// One promise. NaN = not agreed yet.
struct AgreedPromise {
  PromiseKind kind = PromiseKind::volume;
  std::string by{}, to{};      ///< owners; both empty for what both sides promise
  std::string from{}, into{};  ///< stages or events of the funnel that it is about, where it is about any
  double promised = std::numeric_limits<double>::quiet_NaN();  ///< per period, or a share in [0, 1]
  double within = std::numeric_limits<double>::quiet_NaN();    ///< days
  bool agreed = false;                                         ///< by both; else it is proposed
  std::string text{};                                          ///< a sentence in the agreement's language
};

struct AgreedStage {
  std::string stage, label, owner;
  std::string definition;    ///< "" = not agreed yet
  std::string accept_if;     ///< what the receiver accepts; "" = not agreed yet, where it is asked for
  bool handed_over = false;  ///< the receiver takes it over here
};

struct AgreementOptions {
  std::string language = "en";
  std::string giver{};                           ///< owner; "" = the first one of role marketing
  std::string receiver{};                        ///< owner; "" = the first one of role sales
  std::optional<double> quality{};               ///< share of hand-overs that meet the definition, in (0, 1]
  std::optional<double> answer_within{};         ///< days; none = the service levels of the funnel
  std::optional<double> answered_share{};        ///< share that must be answered in time, in (0, 1]
  std::optional<double> feedback_share{};        ///< share with feedback on record, in (0, 1]
  std::optional<double> feedback_within{};       ///< days
  std::optional<double> report_every{};          ///< days, a whole number
  std::vector<ServiceLevel> service_levels{};    ///< beside those of the funnel; answers only
  std::map<std::string, std::string> reasons{};  ///< reason of loss -> owner
  std::map<std::string, std::string> definitions{};  ///< by stage, in the page's language; over the funnel's
  std::map<std::string, std::string> accept_if{};    ///< alike
  std::map<std::string, std::vector<std::string>> gives{};  ///< by owner, in words
  std::map<std::string, std::vector<std::string>> needs{};  ///< by owner, in words
  std::string review{};                                     ///< how often it is looked at: "every two weeks"
  std::string review_date{};                                ///< the next time
  std::string date{};                                       ///< of the page
  std::map<std::string, std::string> signatories{};         ///< owner -> who signs
};

/// As plain data; `to_text` and `to_html` write it.
struct Agreement {
  std::string language = "en";
  std::string funnel, period, date;
  std::string giver, receiver;              ///< names of the funnel's owners
  std::string giver_label, receiver_label;  ///< as they are called in the language
  std::vector<AgreedStage> stages;
  std::vector<AgreedPromise> promises;
  std::map<std::string, std::vector<std::string>> gives, needs;  ///< by owner: sentences
  std::vector<std::pair<std::string, std::string>> reasons;      ///< reason of loss, owner
  std::string review, review_date;
  std::vector<std::string> missing;                             ///< what is not agreed yet, in sentences
  std::vector<std::pair<std::string, std::string>> signatures;  ///< owner's label, who signs ("" = a line)
};

/// From the funnel and what is said beside it. Volumes are the funnel's own flows where owner passes to
/// owner; a number counts as agreed when its source says so of both sides. What nobody said is named in
/// `missing`, never filled in; placeholders are such. Loss reasons that are not given are the funnel's lost
/// outcomes and their owners. Throws UnknownNameError (an owner, a stage of a service level),
/// InvalidValueError (no owner of a role, one owner on both sides, a share or a time out of range, a
/// language), and as `analyze`.
[[nodiscard]] Agreement agreement(const Funnel& funnel, const AgreementOptions& options = {});

/// Plain text, 78 columns.
[[nodiscard]] std::string to_text(const Agreement& agreement);
/// One printed page (A4), every text escaped.
[[nodiscard]] std::string to_html(const Agreement& agreement);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/agreement_html_inl.hpp>
#include <funnelgraph/kpi/agreement_inl.hpp>
#include <funnelgraph/kpi/agreement_text_inl.hpp>
#endif
