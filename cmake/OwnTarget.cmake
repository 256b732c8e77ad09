# funnelgraph_own_target(<target>): what holds for every target that this project compiles, and is
# never passed on to those who link it. Errors are made of warnings by presets only.
function(funnelgraph_own_target target)
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 /utf-8)
  else()
    # No contraction into fused multiply-adds: the same bits on every instruction set.
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wpedantic -ffp-contract=off)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      target_compile_options(${target} PRIVATE -Wno-restrict) # false alarms on std::string (GCC bug 105651)
    endif()
  endif()
endfunction()
