# Eigen and Boost come as cmeel wheels in an isolated build of the Python package. scikit-build-core
# puts that environment's site-packages on CMAKE_PREFIX_PATH; cmeel keeps its tree one level down.
set(_cmeel "")
foreach(_prefix IN LISTS CMAKE_PREFIX_PATH)
  if(IS_DIRECTORY "${_prefix}/cmeel.prefix")
    list(APPEND _cmeel "${_prefix}/cmeel.prefix")
  endif()
endforeach()
list(PREPEND CMAKE_PREFIX_PATH ${_cmeel})
message(STATUS "cmeel prefixes: ${_cmeel}")
