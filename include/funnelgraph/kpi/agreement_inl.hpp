#pragma once

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/kpi/agreement.hpp>
#include <funnelgraph/kpi/detail/limits.hpp>
#include <funnelgraph/kpi/detail/service_rules.hpp>
#include <funnelgraph/kpi/detail/words.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline std::string in_language(const LabelsByLanguage& labels, const std::string& language,
                               const std::string& otherwise) {
  const auto at = labels.find(language);
  return at == labels.end() || at->second.empty() ? otherwise : at->second;
}

/// Puts one agreement together.
class AgreementMaker {
 public:
  AgreementMaker(const Funnel& funnel, const AgreementOptions& options)
      : funnel_(funnel), options_(options), vi_(options.language == "vi") {
    check();
  }

  Agreement make() {
    out_.language = options_.language;
    out_.funnel = in_language(funnel_.info().labels, options_.language, funnel_.info().name);
    out_.period = funnel_.info().period;
    out_.date = options_.date;
    const Analysis analysis = analyze(funnel_);
    find_hand_offs(analysis);
    add_stages();
    add_volumes();
    add_quality();
    add_answers();
    add_feedback();
    add_report();
    add_wins(analysis);
    add_duties();
    add_reasons();
    add_review();
    const auto signs = [&](const std::string& owner) {
      const auto at = options_.signatories.find(owner);
      return at == options_.signatories.end() ? std::string() : at->second;
    };
    out_.signatures = {{out_.giver_label, signs(out_.giver)}, {out_.receiver_label, signs(out_.receiver)}};
    return std::move(out_);
  }

 private:
  struct Crossing {
    std::string from, to;
    double flow = 0;
  };

  [[nodiscard]] std::string word(const std::string& english, const std::string& vietnamese) const {
    return vi_ ? vietnamese : english;
  }
  [[nodiscard]] std::string quoted(const std::string& text) const { return "“" + text + "”"; }
  [[nodiscard]] std::string label(const std::string& stage_or_outcome) const {
    if (const auto stage = funnel_.find_stage(stage_or_outcome))
      return in_language(funnel_.stage(*stage).labels, options_.language, stage_or_outcome);
    if (const auto outcome = funnel_.find_outcome(stage_or_outcome))
      return in_language(funnel_.outcome(*outcome).labels, options_.language, stage_or_outcome);
    return stage_or_outcome;
  }
  [[nodiscard]] std::string count(double number) const { return count_text(number, options_.language); }
  [[nodiscard]] std::string percent(double share) const { return percent_text(share, options_.language); }
  [[nodiscard]] std::string days(double days) const { return days_text(days, options_.language); }
  [[nodiscard]] std::string period() const { return period_text(funnel_.info().period, options_.language); }
  void missing(const std::string& english, const std::string& vietnamese) {
    out_.missing.push_back(word(english, vietnamese));
  }

  [[nodiscard]] const Owner& party(const std::string& name, Role role, const char* option,
                                   const char* role_name) const {
    if (!name.empty()) return funnel_.owner(name);
    for (const Owner& owner : funnel_.owners()) {
      if (owner.role == role) return owner;
    }
    throw InvalidValueError(std::string("agreement(") + option + "=)", "none",
                            std::string("an owner: none of the funnel's has the role ") + role_name);
  }

  void check() {
    check_language("agreement(language=)", options_.language);
    const Owner& giver = party(options_.giver, Role::marketing, "giver", "marketing");
    const Owner& receiver = party(options_.receiver, Role::sales, "receiver", "sales");
    if (giver.name == receiver.name) {
      throw InvalidValueError("agreement(receiver=)", "\"" + shown(receiver.name) + "\", the giver itself",
                              "another owner");
    }
    out_.giver = giver.name;
    out_.receiver = receiver.name;
    out_.giver_label = in_language(giver.labels, options_.language, giver.name);
    out_.receiver_label = in_language(receiver.labels, options_.language, receiver.name);
    const auto share = [](const char* where, const std::optional<double>& value) {
      if (value && !(*value > 0 && *value <= 1)) throw InvalidValueError(where, shown(*value), "(0, 1]");
    };
    share("agreement(quality=)", options_.quality);
    share("agreement(answered_share=)", options_.answered_share);
    share("agreement(feedback_share=)", options_.feedback_share);
    if (options_.answer_within) (void)limit_ticks("agreement(answer_within=)", *options_.answer_within);
    if (options_.feedback_within) (void)limit_ticks("agreement(feedback_within=)", *options_.feedback_within);
    if (options_.report_every) check_rule(ServiceLevel::report("report", *options_.report_every));
    for (const ServiceLevel& rule : options_.service_levels) {
      check_rule(rule);
      if (rule.promise != Promise::answer) {
        throw InvalidValueError("agreement(service_levels=)", rule_text(rule),
                                "answers: feedback and reports have options of their own");
      }
    }
    const auto known = [&](const auto& by_owner) {
      for (const auto& [owner, anything] : by_owner) (void)party_named(owner);
    };
    for (const auto& [stage, words] : options_.definitions) (void)funnel_.stage(stage);
    for (const auto& [stage, words] : options_.accept_if) (void)funnel_.stage(stage);
    known(options_.gives);
    known(options_.needs);
    known(options_.signatories);
  }

  /// One of the two parties by name.
  [[nodiscard]] std::string party_named(const std::string& name) const {
    const std::string clean = normalise_name(name);
    if (clean == out_.giver || clean == out_.receiver) return clean;
    const std::vector<std::string> both = {out_.giver, out_.receiver};
    throw UnknownNameError("party", clean, nearest_name(clean, both),
                           "the agreement is between " + shown(out_.giver) + " and " + shown(out_.receiver));
  }

  [[nodiscard]] bool agreed_by_both(const Number& number) const {
    if (number.source.kind() != SourceKind::agreed) return false;
    const auto& by = number.source.by();
    return std::ranges::find(by, out_.giver) != by.end() && std::ranges::find(by, out_.receiver) != by.end();
  }

  void find_hand_offs(const Analysis& analysis) {
    for (const HandOffRow& row : analysis.hand_offs) {
      if (row.giver != out_.giver || row.receiver != out_.receiver) continue;
      crossings_.push_back({row.from, row.to, analysis.visits(row.from) * analysis.rate(row.from, row.to)});
    }
    if (crossings_.empty()) {
      missing("Where " + out_.giver_label + " hands over to " + out_.receiver_label +
                  ": the funnel has no transition between them.",
              "Điểm bàn giao từ " + out_.giver_label + " sang " + out_.receiver_label +
                  ": phễu chưa có bước nào giữa hai bên.");
    }
  }

  [[nodiscard]] bool taken_over_at(const std::string& stage) const {
    return std::ranges::any_of(crossings_, [&](const Crossing& one) { return one.to == stage; });
  }

  [[nodiscard]] std::string owners_of(const Ownership& ownership) const {
    std::string text;
    for (const OwnerShare& part : ownership.shares()) {
      const auto owner = funnel_.find_owner(part.owner);
      if (!text.empty()) text += ", ";
      text += owner ? in_language(funnel_.owner(*owner).labels, options_.language, part.owner) : part.owner;
      if (ownership.shares().size() > 1) text += " " + percent(part.share);
    }
    return text;
  }

  void add_stages() {
    for (const Stage& stage : funnel_.stages()) {
      const bool ours = stage.owner.share(out_.giver) > 0 || stage.owner.share(out_.receiver) > 0;
      if (!ours) continue;
      AgreedStage row{.stage = stage.name,
                      .label = label(stage.name),
                      .owner = owners_of(stage.owner),
                      .definition = stage.definition,
                      .accept_if = stage.accept_if,
                      .handed_over = taken_over_at(stage.name)};
      const auto replace = [&](const auto& given, std::string& text) {
        for (const auto& [name, words] : given) {
          if (normalise_name(name) == stage.name) text = words;
        }
      };
      replace(options_.definitions, row.definition);
      replace(options_.accept_if, row.accept_if);
      if (row.definition.empty()) {
        missing("What " + quoted(row.label) + " means.", "Định nghĩa của " + quoted(row.label) + ".");
      }
      if (row.accept_if.empty() && row.handed_over) {
        missing("What " + out_.receiver_label + " accepts at " + quoted(row.label) + ".",
                "Tiêu chí để " + out_.receiver_label + " chấp nhận ở " + quoted(row.label) + ".");
      }
      out_.stages.push_back(std::move(row));
    }
  }

  /// What the numbers up to the hand-over rest on: all agreed by both, and no placeholder among them.
  struct Footing {
    bool agreed = true, placeholder = false;
  };
  void rest_on(Footing& footing, const Number& number) const {
    footing.agreed = footing.agreed && agreed_by_both(number);
    footing.placeholder = footing.placeholder || number.source.kind() == SourceKind::placeholder;
  }
  /// Of the volumes and rates that the flow to a stage or an outcome goes through.
  [[nodiscard]] Footing footing(const std::string& target) const {
    std::set<std::string> before = {target};
    std::vector<std::string> open = {target};
    while (!open.empty()) {
      const std::string to = std::move(open.back());
      open.pop_back();
      for (const Transition& transition : funnel_.transitions()) {
        if (transition.to == to && before.insert(transition.from).second) open.push_back(transition.from);
      }
    }
    Footing footing;
    for (const Entry& entry : funnel_.entries()) {
      if (before.contains(entry.stage)) rest_on(footing, entry.volume);
    }
    for (const Transition& transition : funnel_.transitions()) {
      if (before.contains(transition.from) && before.contains(transition.to))
        rest_on(footing, transition.rate);
    }
    return footing;
  }

  void add_volumes() {
    for (const Crossing& one : crossings_) {
      Footing rests = footing(one.from);
      rest_on(rests, funnel_.transition(one.from, one.to).rate);
      AgreedPromise promise{.kind = PromiseKind::volume,
                            .by = out_.giver,
                            .to = out_.receiver,
                            .from = one.from,
                            .into = one.to};
      const std::string unit = unit_text(funnel_.stage(one.to).unit, options_.language);
      const std::string where = word("from " + quoted(label(one.from)) + " to " + quoted(label(one.to)),
                                     "từ " + quoted(label(one.from)) + " sang " + quoted(label(one.to)));
      if (rests.placeholder) {
        missing("How many " + unit + " a " + period() + " " + where + ".",
                "Số " + unit + " mỗi " + period() + " " + where + ".");
      } else {
        promise.promised = one.flow;
        promise.agreed = rests.agreed;
        const std::string number = count(one.flow);
        promise.text = word(number + " " + unit + " a " + period() + " " + where,
                            number + " " + unit + " mỗi " + period() + " " + where);
        if (!promise.agreed) {
          missing(
              "The volume: " + number + " " + unit + " a " + period() + " " + where + " is proposed only.",
              "Số lượng: " + number + " " + unit + " mỗi " + period() + " " + where + " mới là đề xuất.");
        }
      }
      out_.promises.push_back(std::move(promise));
    }
  }

  void add_quality() {
    AgreedPromise promise{.kind = PromiseKind::quality, .by = out_.giver, .to = out_.receiver};
    if (!crossings_.empty()) promise.into = crossings_.front().to;
    if (options_.quality) {
      promise.promised = *options_.quality;
      promise.agreed = true;
      promise.text = word("at least " + percent(*options_.quality) + " of them meet the definition",
                          "ít nhất " + percent(*options_.quality) + " trong số đó đạt định nghĩa");
    } else {
      missing("Which share of what is handed over must meet the definition.",
              "Tỷ lệ khách được bàn giao phải đạt định nghĩa.");
    }
    out_.promises.push_back(std::move(promise));
  }

  void add_answer(const std::string& by, const std::string& from, const std::string& to, double within,
                  bool agreed) {
    const std::string share = options_.answered_share ? percent(*options_.answered_share) : "";
    AgreedPromise promise{.kind = PromiseKind::answer,
                          .by = by,
                          .to = by == out_.receiver ? out_.giver : out_.receiver,
                          .from = from,
                          .into = to,
                          .promised = options_.answered_share.value_or(std::nan("")),
                          .within = within,
                          .agreed = agreed};
    promise.text = word("from " + quoted(label(from)) + " to " + quoted(label(to)) + " within " +
                            days(within) + (share.empty() ? "" : ", in at least " + share + " of cases"),
                        "từ " + quoted(label(from)) + " đến " + quoted(label(to)) + " trong vòng " +
                            days(within) + (share.empty() ? "" : ", ít nhất " + share + " số lượt"));
    if (!agreed) {
      missing("The time: " + days(within) + " from " + quoted(label(from)) + " to " + quoted(label(to)) +
                  " is proposed only.",
              "Thời hạn: " + days(within) + " từ " + quoted(label(from)) + " đến " + quoted(label(to)) +
                  " mới là đề xuất.");
    }
    out_.promises.push_back(std::move(promise));
  }

  void add_answers() {
    const auto crosses = [&](const std::string& from, const std::string& to) {
      return std::ranges::any_of(crossings_,
                                 [&](const Crossing& one) { return one.from == from && one.to == to; });
    };
    bool any = false;
    for (const Transition& transition : funnel_.transitions()) {
      const auto stage = funnel_.find_stage(transition.from);
      if (!transition.service_level || !stage) continue;
      const bool hand_over = crosses(transition.from, transition.to);
      if (hand_over && options_.answer_within) continue;  // said beside the funnel
      const Ownership& owner = funnel_.stage(*stage).owner;
      const bool receivers = hand_over || owner.share(out_.receiver) >= owner.share(out_.giver);
      if (owner.share(out_.receiver) <= 0 && owner.share(out_.giver) <= 0) continue;
      if (transition.service_level->source.kind() == SourceKind::placeholder) continue;
      add_answer(receivers ? out_.receiver : out_.giver, transition.from, transition.to,
                 transition.service_level->value, agreed_by_both(*transition.service_level));
      any = any || receivers;
    }
    for (const ServiceLevel& rule : options_.service_levels) {
      add_answer(out_.receiver, rule.from, rule.to, rule.within, true);
      any = true;
    }
    if (options_.answer_within) {
      for (const Crossing& one : crossings_) {
        add_answer(out_.receiver, one.from, one.to, *options_.answer_within, true);
        any = true;
      }
    }
    if (!any) {
      missing("How soon " + out_.receiver_label + " answers what is handed over.",
              out_.receiver_label + " trả lời khách được bàn giao trong bao lâu.");
    } else if (!options_.answered_share) {
      missing("Which share must be answered in time.", "Tỷ lệ phải trả lời đúng hạn.");
    }
  }

  void add_feedback() {
    AgreedPromise promise{.kind = PromiseKind::feedback, .by = out_.receiver, .to = out_.giver};
    if (options_.feedback_within) promise.within = *options_.feedback_within;
    if (options_.feedback_share) {
      promise.promised = *options_.feedback_share;
      promise.agreed = true;
      const std::string time = options_.feedback_within ? days(*options_.feedback_within) : "";
      const std::string share = percent(*options_.feedback_share);
      promise.text = word(
          "feedback on record (accepted, or rejected with a reason)" +
              (time.empty() ? "" : " within " + time) + ", on at least " + share + " of what is handed over",
          "phản hồi được ghi lại (chấp nhận, hoặc từ chối kèm lý do)" +
              (time.empty() ? "" : " trong vòng " + time) + ", cho ít nhất " + share + " số được bàn giao");
    } else {
      missing("On which share of what is handed over " + out_.receiver_label + " gives feedback.",
              "Tỷ lệ khách được bàn giao mà " + out_.receiver_label + " có phản hồi.");
    }
    out_.promises.push_back(std::move(promise));
  }

  void add_report() {
    AgreedPromise promise{.kind = PromiseKind::report, .by = out_.receiver, .to = out_.giver};
    if (options_.report_every) {
      promise.within = *options_.report_every;
      promise.promised = 1;
      promise.agreed = true;
      const bool daily = *options_.report_every == 1;
      promise.text =
          word(daily ? "a report back every day" : "a report back every " + days(*options_.report_every),
               daily ? "báo cáo lại hằng ngày" : "báo cáo lại mỗi " + days(*options_.report_every));
    } else {
      missing("How often " + out_.receiver_label + " reports back.",
              out_.receiver_label + " báo cáo lại bao lâu một lần.");
    }
    out_.promises.push_back(std::move(promise));
  }

  void add_wins(const Analysis& analysis) {
    for (const Outcome& outcome : funnel_.outcomes()) {
      if (outcome.kind != OutcomeKind::won) continue;
      const Footing rests = footing(outcome.name);
      AgreedPromise promise{.kind = PromiseKind::wins, .into = outcome.name};
      if (!rests.placeholder) {
        promise.promised = analysis.count(outcome.name);
        promise.agreed = rests.agreed;
        const std::string number = count(promise.promised);
        promise.text = word(number + " journeys a " + period() + " reach " + quoted(label(outcome.name)),
                            number + " lượt mỗi " + period() + " đạt " + quoted(label(outcome.name)));
        if (!promise.agreed) promise.text += word(" (proposed)", " (đề xuất)");
      }
      out_.promises.push_back(std::move(promise));
    }
  }

  void add_duties() {
    for (const std::string& owner : {out_.giver, out_.receiver}) {
      std::vector<std::string>& gives = out_.gives[owner];
      std::vector<std::string>& needs = out_.needs[owner];
      for (const AgreedPromise& promise : out_.promises) {
        if (promise.text.empty() || promise.by.empty()) continue;
        std::string text = promise.text;
        if (!promise.agreed) text += word(" (proposed)", " (đề xuất)");
        (promise.by == owner ? gives : needs).push_back(std::move(text));
      }
      const auto more = [&](const auto& given, std::vector<std::string>& into) {
        for (const auto& [name, texts] : given) {
          if (normalise_name(name) == owner) into.insert(into.end(), texts.begin(), texts.end());
        }
      };
      more(options_.gives, gives);
      more(options_.needs, needs);
    }
  }

  void add_reasons() {
    for (const auto& [reason, owner] : options_.reasons) {
      if (owner.empty()) throw InvalidValueError("agreement(reasons=)", "\"\"", "the name of an owner");
      const auto at = funnel_.find_owner(owner);
      out_.reasons.emplace_back(
          reason, at ? in_language(funnel_.owner(*at).labels, options_.language, owner) : owner);
    }
    if (options_.reasons.empty()) {
      for (const Outcome& outcome : funnel_.outcomes()) {
        if (outcome.kind != OutcomeKind::lost) continue;
        out_.reasons.emplace_back(label(outcome.name), outcome.owner.empty()
                                                           ? word("not assigned", "chưa gán")
                                                           : owners_of(outcome.owner));
      }
    }
    if (out_.reasons.empty()) {
      missing("Which reasons of loss are recorded, and whose they are.",
              "Những lý do mất khách nào được ghi lại và thuộc về ai.");
    }
  }

  void add_review() {
    out_.review = options_.review;
    out_.review_date = options_.review_date;
    if (out_.review.empty()) {
      missing("How often this page is looked at again.", "Bao lâu xem lại trang này một lần.");
    }
    if (out_.review_date.empty()) missing("The next date of review.", "Ngày xem lại lần tới.");
  }

  const Funnel& funnel_;
  const AgreementOptions& options_;
  bool vi_;
  Agreement out_;
  std::vector<Crossing> crossings_;
};

}  // namespace detail

FUNNELGRAPH_INLINE Agreement agreement(const Funnel& funnel, const AgreementOptions& options) {
  return detail::AgreementMaker(funnel, options).make();
}

}  // namespace funnelgraph::inline v0
