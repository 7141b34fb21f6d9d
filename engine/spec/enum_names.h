// The names of the spec's enum values as the JSON spells them, in the contract's order.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "engine/spec/spec.h"

namespace engine {

template <class Enum>
inline constexpr std::nullptr_t kEnumNames = nullptr;

template <class Enum, std::size_t Size>
using EnumNames = std::array<std::pair<std::string_view, Enum>, Size>;

template <>
inline constexpr EnumNames<JoinType, 6> kEnumNames<JoinType>{{
    {"Inner", JoinType::kInner},
    {"Left", JoinType::kLeft},
    {"Right", JoinType::kRight},
    {"Full", JoinType::kFull},
    {"Semi", JoinType::kSemi},
    {"Anti", JoinType::kAnti},
}};

template <>
inline constexpr EnumNames<CpgOutputKind, 6> kEnumNames<CpgOutputKind>{{
    {"Nodes", CpgOutputKind::kNodes},
    {"Edges", CpgOutputKind::kEdges},
    {"Props", CpgOutputKind::kProps},
    {"PropsMap", CpgOutputKind::kPropsMap},
    {"EdgesBySrc", CpgOutputKind::kEdgesBySrc},
    {"EdgesByDst", CpgOutputKind::kEdgesByDst},
}};

template <>
inline constexpr EnumNames<MaterializationMode, 2> kEnumNames<MaterializationMode>{{
    {"Append", MaterializationMode::kAppend},
    {"Overwrite", MaterializationMode::kOverwrite},
}};

template <>
inline constexpr EnumNames<RuleClass, 4> kEnumNames<RuleClass>{{
    {"SemanticIntegrity", RuleClass::kSemanticIntegrity},
    {"DeltaScanAware", RuleClass::kDeltaScanAware},
    {"CostShape", RuleClass::kCostShape},
    {"Safety", RuleClass::kSafety},
}};

template <>
inline constexpr EnumNames<RulepackProfile, 4> kEnumNames<RulepackProfile>{{
    {"Default", RulepackProfile::kDefault},
    {"LowLatency", RulepackProfile::kLowLatency},
    {"Replay", RulepackProfile::kReplay},
    {"Strict", RulepackProfile::kStrict},
}};

template <>
inline constexpr EnumNames<TunerMode, 3> kEnumNames<TunerMode>{{
    {"Off", TunerMode::kOff},
    {"Observe", TunerMode::kObserve},
    {"Apply", TunerMode::kApply},
}};

template <>
inline constexpr EnumNames<PushdownEnforcementMode, 3> kEnumNames<PushdownEnforcementMode>{{
    {"warn", PushdownEnforcementMode::kWarn},
    {"strict", PushdownEnforcementMode::kStrict},
    {"disabled", PushdownEnforcementMode::kDisabled},
}};

template <>
inline constexpr EnumNames<ExtensionGovernanceMode, 3> kEnumNames<ExtensionGovernanceMode>{{
    {"strict_allowlist", ExtensionGovernanceMode::kStrictAllowlist},
    {"warn_on_unregistered", ExtensionGovernanceMode::kWarnOnUnregistered},
    {"permissive", ExtensionGovernanceMode::kPermissive},
}};

template <>
inline constexpr EnumNames<TracingPreset, 3> kEnumNames<TracingPreset>{{
    {"Maximal", TracingPreset::kMaximal},
    {"MaximalNoData", TracingPreset::kMaximalNoData},
    {"ProductionLean", TracingPreset::kProductionLean},
}};

template <>
inline constexpr EnumNames<RuleMode, 3> kEnumNames<RuleMode>{{
    {"Disabled", RuleMode::kDisabled},
    {"PhaseOnly", RuleMode::kPhaseOnly},
    {"Full", RuleMode::kFull},
}};

template <>
inline constexpr EnumNames<PreviewRedactionMode, 3> kEnumNames<PreviewRedactionMode>{{
    {"None", PreviewRedactionMode::kNone},
    {"DenyList", PreviewRedactionMode::kDenyList},
    {"AllowList", PreviewRedactionMode::kAllowList},
}};

template <>
inline constexpr EnumNames<OtlpProtocol, 3> kEnumNames<OtlpProtocol>{{
    {"http/protobuf", OtlpProtocol::kHttpProtobuf},
    {"http/json", OtlpProtocol::kHttpJson},
    {"grpc", OtlpProtocol::kGrpc},
}};

template <>
inline constexpr EnumNames<CacheAction, 2> kEnumNames<CacheAction>{{
    {"ForceCache", CacheAction::kForceCache},
    {"NeverCache", CacheAction::kNeverCache},
}};

template <class Enum>
concept NamedEnum = !std::same_as<decltype(kEnumNames<Enum>), const std::nullptr_t>;

template <NamedEnum Enum>
constexpr std::string_view to_string(Enum value) {
  for (const auto& [name, candidate] : kEnumNames<Enum>) {
    if (candidate == value) return name;
  }
  return {};
}

}  // namespace engine
