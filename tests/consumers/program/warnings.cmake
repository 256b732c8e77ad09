# What a careful consumer compiles with, on its own targets only. The headers of funnelgraph are not
# treated as system headers, so that their warnings would show.
set(CMAKE_CXX_EXTENSIONS OFF)
function(careful target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wpedantic -Werror)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
endfunction()
